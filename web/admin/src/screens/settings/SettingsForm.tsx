import { Autocomplete, Checkbox, Fieldset, NativeSelect, SimpleGrid, Stack, TextInput, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useChange } from '../../api/hooks'
import { stores } from '../../api/resources'
import type { Store, TokenAlgorithm } from '../../api/types'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { Section } from '../../parts/Section'
import { TextsInput } from '../../parts/TextsInput'
import { sessionKey } from '../../shell/session'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'
import { currencies, timezones } from '../stores/choices'
import { lines, listed } from './lists'

const algorithms: readonly TokenAlgorithm[] = ['ES256', 'EdDSA', 'Ed25519', 'RS256']

/** SettingsForm is the form of a store as it was read. */
export function SettingsForm({ store, reload }: { store: Store; reload: () => void }) {
  const { t } = useLanguage()
  const { may } = useStore()
  const form = useForm({
    initialValues: {
      name: store.name,
      currency: store.currency,
      timezone: store.timezone,
      origins: store.origins.join('\n'),
      locales: store.locales.join(', '),
      token_algorithm: store.token_algorithm,
      fraud: store.fraud,
      mail: { sender_name: store.mail.sender_name ?? '', reply_to: store.mail.reply_to ?? '', support_url: store.mail.support_url ?? '' },
      consent: { ...store.consent, marketing_text: store.consent.marketing_text ?? {}, privacy_url: store.consent.privacy_url ?? '' },
    },
  })
  const save = useChange((input: Parameters<typeof stores.save>[1]) => stores.save(store.id, input), [store.id], ['stores'], sessionKey)
  const locales = listed(form.values.locales)
  const submit = form.onSubmit((values) =>
    save.mutate(
      { ...values, version: store.version, origins: lines(values.origins), locales: listed(values.locales) },
      { onSuccess: () => done(t('saved')), onError: (error) => showOn(form, error) },
    ),
  )
  const originsError = Object.entries(form.errors).find(([name]) => name.startsWith('origins'))?.[1]
  const consentError = (field: string) => (locale: string) => form.errors[`consent.${field}.${locale}`]?.toString()
  return (
    <form onSubmit={submit}>
      <Fieldset disabled={!may('settings')} variant="unstyled">
        <Stack maw={720}>
          <ProblemAlert
            error={save.error}
            fields={taken('name', 'currency', 'timezone', 'origins', 'origins.', 'locales', 'locales.', 'token_algorithm', 'consent.', 'mail.')}
            {...(save.error ? { reload } : {})}
          />
          <Section title={t('settings.general')}>
            <TextInput label={t('stores.name')} required {...form.getInputProps('name')} />
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <Autocomplete label={t('stores.currency')} data={currencies()} limit={20} required {...form.getInputProps('currency')} />
              <Autocomplete label={t('stores.timezone')} data={timezones()} limit={20} required {...form.getInputProps('timezone')} />
            </SimpleGrid>
            <TextInput label={t('settings.locales')} description={t('settings.locales.hint')} {...form.getInputProps('locales')} />
          </Section>
          <Section title={t('settings.origins')} hint={t('settings.origins.hint')}>
            <Textarea
              aria-label={t('settings.origins')}
              autosize
              minRows={3}
              placeholder="https://shop.example"
              {...form.getInputProps('origins')}
              error={originsError}
            />
          </Section>
          <Section title={t('settings.tokens')} hint={t('settings.tokens.hint')}>
            <NativeSelect
              label={t('settings.algorithm')}
              data={algorithms.map((value) => ({ value, label: `${value}: ${t(`settings.algorithm.${value}`)}` }))}
              {...form.getInputProps('token_algorithm')}
            />
          </Section>
          <Section title={t('settings.mail')} hint={t('settings.mail.hint')}>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <TextInput label={t('settings.mail.sender')} {...form.getInputProps('mail.sender_name')} />
              <TextInput label={t('settings.mail.reply')} type="email" {...form.getInputProps('mail.reply_to')} />
            </SimpleGrid>
            <TextInput label={t('settings.mail.support')} type="url" {...form.getInputProps('mail.support_url')} />
          </Section>
          <Section title={t('settings.fraud')}>
            <Checkbox label={t('settings.fraud.reverse')} {...form.getInputProps('fraud.reverse_points', { type: 'checkbox' })} />
          </Section>
          <Section title={t('settings.consent')} hint={t('settings.consent.hint')}>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <TextInput label={t('settings.consent.version')} {...form.getInputProps('consent.version')} />
              <TextInput label={t('settings.consent.privacy')} type="url" {...form.getInputProps('consent.privacy_url')} />
            </SimpleGrid>
            <TextsInput
              label={t('settings.consent.text')}
              lines={3}
              locales={locales}
              value={form.values.consent.text}
              onChange={(text) => form.setFieldValue('consent.text', text)}
              error={consentError('text')}
            />
            <TextsInput
              label={t('settings.consent.marketing')}
              lines={2}
              locales={locales}
              value={form.values.consent.marketing_text}
              onChange={(text) => form.setFieldValue('consent.marketing_text', text)}
              error={consentError('marketing_text')}
            />
          </Section>
          {may('settings') && <SaveBar pending={save.isPending} />}
        </Stack>
      </Fieldset>
    </form>
  )
}
