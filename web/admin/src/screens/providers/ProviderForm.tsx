import { Checkbox, Fieldset, NativeSelect, PasswordInput, Radio, SimpleGrid, Stack, Text, TextInput, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type ReactNode, useEffect } from 'react'
import type { ProviderClaim, ProviderInput, TokenAuth } from '../../api/types'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { firstError, showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'
import { lines, listed } from '../settings/lists'
import { ClaimsEditor } from './ClaimsEditor'
import { RulesEditor } from './RulesEditor'

const presets = ['', 'refeds', 'idme'] as const
const auths: readonly TokenAuth[] = ['client_secret_basic', 'client_secret_post', 'none']

/** ProviderDraft is a provider as it is typed: lists as texts, no preset as the empty one. */
type ProviderDraft = Omit<ProviderInput, 'scopes' | 'preset' | 'affiliation_scopes'> & {
  scopes: string
  claims: ProviderClaim[]
  preset: (typeof presets)[number]
  affiliation_scopes: string
}

interface ProviderFormProps {
  initial: ProviderInput
  /** known is true for a provider that exists: its id is fixed and its secret may stay. */
  known: boolean
  pending: boolean
  error: unknown
  onSave: (input: ProviderInput) => void
  reload?: () => void
  children?: ReactNode
}

/** ProviderForm edits a sign-in provider. */
export function ProviderForm({ initial, known, pending, error, onSave, reload, children }: ProviderFormProps) {
  const { t } = useLanguage()
  const { may } = useStore()
  const form = useForm<ProviderDraft>({
    initialValues: {
      token_auth: 'client_secret_basic',
      userinfo: false,
      claims: [],
      ...initial,
      client_secret: '',
      scopes: (initial.scopes ?? []).join(' '),
      preset: initial.preset ?? '',
      affiliation_scopes: (initial.affiliation_scopes ?? []).join('\n'),
    },
  })
  const { preset } = form.values
  const { setErrors } = form
  useEffect(() => showOn({ setErrors }, error), [error, setErrors])
  const submit = form.onSubmit(({ client_secret, preset: chosen, affiliation_scopes: domains, ...values }) =>
    onSave({
      ...values,
      scopes: listed(values.scopes),
      // A rule that nobody filled in is none: a preset has rules of its own.
      rules: chosen ? values.rules.filter((rule) => rule.when || rule.group) : values.rules,
      ...(chosen ? { preset: chosen } : {}),
      ...(chosen === 'refeds' ? { affiliation_scopes: lines(domains) } : {}),
      ...(client_secret ? { client_secret } : {}),
    }),
  )
  return (
    <form onSubmit={submit}>
      <Fieldset disabled={!may('providers')} variant="unstyled">
        <Stack maw={760}>
          <ProblemAlert
            error={error}
            fields={taken('id', 'name', 'preset', 'affiliation_scopes', 'affiliation_scopes.', 'issuer', 'client_id', 'client_secret', 'scopes', 'scopes.', 'token_auth', 'userinfo', 'claims.', 'rules.')}
            {...(error && reload ? { reload } : {})}
          />
          <Section title={t('providers.preset')}>
            <Radio.Group aria-label={t('providers.preset')} {...form.getInputProps('preset')}>
              <Stack gap="xs">
                {presets.map((value) => (
                  <Radio key={value} value={value} label={t(`providers.preset.${value}`)} />
                ))}
              </Stack>
            </Radio.Group>
            {preset === 'refeds' && (
              <Textarea
                label={t('providers.scopesOf')}
                description={t('providers.scopesOf.hint')}
                autosize
                minRows={2}
                maxRows={8}
                spellCheck={false}
                {...form.getInputProps('affiliation_scopes')}
                error={firstError(form.errors, 'affiliation_scopes')}
              />
            )}
          </Section>
          <Section title={t('providers.connection')}>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <TextInput label={t('providers.id')} description={t('providers.id.hint')} required disabled={known} {...form.getInputProps('id')} />
              <TextInput label={t('providers.name')} description={t('providers.name.hint')} required {...form.getInputProps('name')} />
            </SimpleGrid>
            <TextInput label={t('providers.issuer')} description={t('providers.issuer.hint')} type="url" required {...form.getInputProps('issuer')} />
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <TextInput label={t('providers.clientId')} required {...form.getInputProps('client_id')} />
              <TextInput label={t('providers.scopes')} placeholder={t('providers.scopes.hint')} {...form.getInputProps('scopes')} />
            </SimpleGrid>
            <PasswordInput
              label={t('providers.clientSecret')}
              description={known ? t('providers.clientSecret.keep') : undefined}
              autoComplete="new-password"
              {...form.getInputProps('client_secret')}
            />
            <NativeSelect label={t('providers.auth')} data={auths} {...form.getInputProps('token_auth')} />
            <Checkbox label={t('providers.userinfo')} {...form.getInputProps('userinfo', { type: 'checkbox' })} />
          </Section>
          <Section title={t('providers.claims')} hint={t('providers.claims.hint')}>
            <ClaimsEditor claims={form.values.claims} onChange={(claims) => form.setFieldValue('claims', claims)} error={(field) => form.errors[field]?.toString()} />
          </Section>
          <Section title={t('providers.rules')} hint={t('providers.rules.hint')}>
            {preset && <Text fz="sm">{t('providers.preset.rules')}</Text>}
            <RulesEditor rules={form.values.rules} onChange={(rules) => form.setFieldValue('rules', rules)} error={(field) => form.errors[field]?.toString()} />
          </Section>
          {may('providers') && <SaveBar pending={pending}>{children}</SaveBar>}
        </Stack>
      </Fieldset>
    </form>
  )
}
