import { Button, Fieldset, FileButton, Group, Radio, Stack, Text, TextInput, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type ReactNode, useEffect, useMemo } from 'react'
import type { DomainListInput, ListPurpose } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { showOn, taken } from '../../text/fields'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { readDomains } from './domains'

const purposes: readonly ListPurpose[] = ['eligible', 'abused', 'stopped']

interface DomainListFormProps {
  initial: DomainListInput
  /** known is true for a list that exists: its name is fixed. */
  known: boolean
  pending: boolean
  error: unknown
  onSave: (input: DomainListInput) => void
  reload?: () => void
  children?: ReactNode
}

/** DomainListForm edits a list of mail domains: pasted, or read from a text file, and counted before it is saved. */
export function DomainListForm({ initial, known, pending, error, onSave, reload, children }: DomainListFormProps) {
  const { t } = useLanguage()
  const { may } = useStore()
  const { number } = useFormat()
  const form = useForm({ initialValues: { name: initial.name, purpose: initial.purpose, text: initial.domains.join('\n') } })
  const { setErrors } = form
  useEffect(() => showOn({ setErrors }, error), [error, setErrors])
  const reading = useMemo(() => readDomains(form.values.text), [form.values.text])
  const domainError = Object.entries(form.errors).find(([field]) => field.startsWith('domains') || field === 'text')?.[1]
  const submit = form.onSubmit(({ name, purpose }) => onSave({ name, purpose, domains: reading.domains }))
  return (
    <form onSubmit={submit}>
      <Fieldset disabled={!may('domainLists')} variant="unstyled">
        <Stack maw={760}>
          <ProblemAlert error={error} fields={taken('name', 'purpose', 'domains', 'domains.', 'text')} {...(error && reload ? { reload } : {})} />
          <Section title={t('domains.purpose')}>
            <TextInput label={t('domains.name')} description={t('domains.name.hint')} required disabled={known} {...form.getInputProps('name')} />
            <Radio.Group label={t('domains.purpose')} {...form.getInputProps('purpose')}>
              <Stack gap="xs" mt={4}>
                {purposes.map((purpose) => (
                  <Radio key={purpose} value={purpose} label={t(`domains.${purpose}`)} description={t(`domains.${purpose}.why` as const)} />
                ))}
              </Stack>
            </Radio.Group>
          </Section>
          <Section
            title={t('domains.domains')}
            hint={t('domains.domains.hint')}
            actions={
              may('domainLists') && (
                <FileButton accept="text/plain,.txt,.csv" onChange={(file) => void file?.text().then((text) => form.setFieldValue('text', text))}>
                  {(props) => (
                    <Button {...props} variant="default" size="xs" leftSection={<Icon name="list" size={14} />}>
                      {t('domains.upload')}
                    </Button>
                  )}
                </FileButton>
              )
            }
          >
            <Textarea aria-label={t('domains.domains')} rows={12} ff="monospace" spellCheck={false} {...form.getInputProps('text')} error={domainError} />
            <Group gap="md" role="status">
              <Text fz="sm" fw={600}>
                {t('domains.count', { count: number(reading.domains.length) })}
              </Text>
              {reading.duplicates > 0 && (
                <Text fz="sm" c="dimmed">
                  {t('domains.duplicates', { count: number(reading.duplicates) })}
                </Text>
              )}
              {reading.strange.length > 0 && (
                <Text fz="sm">{t('domains.strange', { count: number(reading.strange.length), example: reading.strange[0] ?? '' })}</Text>
              )}
            </Group>
          </Section>
          {may('domainLists') && (
            <SaveBar pending={pending} disabled={reading.domains.length === 0}>
              {children}
            </SaveBar>
          )}
        </Stack>
      </Fieldset>
    </form>
  )
}
