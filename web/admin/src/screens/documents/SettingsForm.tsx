import { ActionIcon, Button, Card, Checkbox, Fieldset, Group, Radio, Stack, TextInput, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useChange } from '../../api/hooks'
import { documents } from '../../api/resources'
import type { DocumentSettings, DocumentSettingsInput, Texts } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { Section } from '../../parts/Section'
import { TextsInput } from '../../parts/TextsInput'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { firstError, showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'
import { parseDecimal } from '../../text/money'
import { lines } from '../settings/lists'

const asked = ['birth_date', 'organisation'] as const

/** SettingsForm edits the settings of the verifier of documents. */
export function SettingsForm({ settings, locales, reload }: { settings: DocumentSettings; locales: readonly string[]; reload: () => void }) {
  const { t, language } = useLanguage()
  const { id: store, may } = useStore()
  const form = useForm({
    initialValues: {
      ask: settings.ask,
      accept: settings.accept ?? [],
      organisations: (settings.organisations ?? []).join('\n'),
      reviewers: String(settings.reviewers),
      look_alikes: settings.look_alikes as string,
      keep_days: String(settings.keep_days),
    },
    validate: { keep_days: (text) => (parseDecimal(text, 0, language) === null ? t('number.whole') : null) },
  })
  const save = useChange((input: DocumentSettingsInput) => documents.save(store, input), [store, 'document-settings'], [store, 'audit'])
  const submit = form.onSubmit((v) =>
    save.mutate(
      {
        version: settings.version,
        ask: v.ask,
        accept: v.accept.filter((kind) => Object.keys(kind).length > 0),
        organisations: lines(v.organisations),
        reviewers: Number(v.reviewers),
        look_alikes: v.look_alikes === 'signal' ? 'signal' : 'two_reviewers',
        keep_days: parseDecimal(v.keep_days, 0, language) ?? 0,
      },
      { onSuccess: () => done(t('saved')), onError: (error) => showOn(form, error) },
    ),
  )
  const setKind = (index: number, kind: Texts) => form.setFieldValue('accept', form.values.accept.with(index, kind))
  return (
    <form onSubmit={submit}>
      <Fieldset disabled={!may('providers')} variant="unstyled">
        <Stack maw={760}>
          <ProblemAlert error={save.error} fields={taken('ask', 'ask.', 'accept.', 'organisations', 'organisations.', 'reviewers', 'keep_days')} {...(save.error ? { reload } : {})} />
          <Section title={t('docs.accept')} hint={t('docs.accept.hint')}>
            {form.values.accept.map((kind, i) => (
              // A kind has no name of its own: it is the i-th that is offered.
              <Card key={i} padding="sm" radius="md" role="group" aria-label={t('docs.accept.one', { number: i + 1 })}>
                <Group align="flex-start" wrap="nowrap">
                  <div style={{ flex: 1 }}>
                    <TextsInput label={t('docs.accept.one', { number: i + 1 })} locales={locales} value={kind} onChange={(next) => setKind(i, next)} error={() => firstError(form.errors, `accept.${i}`)?.toString()} />
                  </div>
                  <ActionIcon variant="subtle" color="gray" aria-label={t('docs.accept.remove', { number: i + 1 })} onClick={() => form.removeListItem('accept', i)}>
                    <Icon name="trash" size={16} />
                  </ActionIcon>
                </Group>
              </Card>
            ))}
            <div>
              <Button variant="light" size="sm" leftSection={<Icon name="plus" size={14} />} onClick={() => form.insertListItem('accept', {})}>
                {t('docs.accept.add')}
              </Button>
            </div>
            <Checkbox.Group label={t('docs.ask')} {...form.getInputProps('ask')} error={firstError(form.errors, 'ask')}>
              <Stack gap="xs" mt={4}>
                {asked.map((value) => (
                  <Checkbox key={value} value={value} label={t(`docs.ask.${value}`)} />
                ))}
              </Stack>
            </Checkbox.Group>
            {form.values.ask.includes('organisation') && (
              <Textarea
                label={t('docs.organisations')}
                description={t('docs.organisations.hint')}
                autosize
                minRows={2}
                maxRows={10}
                {...form.getInputProps('organisations')}
                error={firstError(form.errors, 'organisations')}
              />
            )}
          </Section>
          <Section title={t('docs.review')}>
            <Radio.Group label={t('docs.review')} {...form.getInputProps('reviewers')}>
              <Stack gap="xs" mt={4}>
                <Radio value="1" label={t('docs.reviewers.1')} />
                <Radio value="2" label={t('docs.reviewers.2')} />
              </Stack>
            </Radio.Group>
            <Radio.Group label={t('docs.alikes')} {...form.getInputProps('look_alikes')}>
              <Stack gap="xs" mt={4}>
                <Radio value="two_reviewers" label={t('docs.alikes.two_reviewers')} />
                <Radio value="signal" label={t('docs.alikes.signal')} />
              </Stack>
            </Radio.Group>
            <TextInput label={t('docs.keep')} description={t('docs.keep.hint')} inputMode="numeric" required maw={280} {...form.getInputProps('keep_days')} />
          </Section>
          {may('providers') && <SaveBar pending={save.isPending} />}
        </Stack>
      </Fieldset>
    </form>
  )
}
