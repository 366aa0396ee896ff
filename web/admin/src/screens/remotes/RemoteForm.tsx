import { Checkbox, Fieldset, SimpleGrid, Stack, TextInput, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type ReactNode, useEffect } from 'react'
import { useRecord } from '../../api/hooks'
import { stores } from '../../api/resources'
import type { RemoteInput } from '../../api/types'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { firstError, showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'
import { draftOf, inputOf } from './draft'
import { FieldsEditor } from './FieldsEditor'

const classes = ['assertion', 'authority', 'possession', 'knowledge', 'self_declared'] as const

interface RemoteFormProps {
  initial: RemoteInput
  /** known is true for a verifier that exists: its short name is fixed. */
  known: boolean
  pending: boolean
  error: unknown
  onSave: (input: RemoteInput) => void
  reload?: () => void
  children?: ReactNode
}

/** RemoteForm edits a store's own verifier. */
export function RemoteForm({ initial, known, pending, error, onSave, reload, children }: RemoteFormProps) {
  const { t } = useLanguage()
  const { id: store, may } = useStore()
  const locales = useRecord([store, 'settings'], () => stores.read(store)).data?.locales ?? ['en']
  const form = useForm({ initialValues: draftOf(initial) })
  const { setErrors } = form
  useEffect(() => showOn({ setErrors }, error), [error, setErrors])
  return (
    <form onSubmit={form.onSubmit((draft) => onSave(inputOf(draft)))}>
      <Fieldset disabled={!may('remotes')} variant="unstyled">
        <Stack maw={760}>
          <ProblemAlert error={error} fields={taken('id', 'name', 'url', 'fields.', 'classes.', 'reasons.')} {...(error && reload ? { reload } : {})} />
          <Section title={t('remotes.service')}>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <TextInput label={t('remotes.id')} description={t('remotes.id.hint')} required disabled={known} {...form.getInputProps('id')} />
              <TextInput label={t('remotes.name')} description={t('remotes.name.hint')} required {...form.getInputProps('name')} />
            </SimpleGrid>
            <TextInput label={t('remotes.url')} description={t('remotes.url.hint')} type="url" required {...form.getInputProps('url')} />
            <Checkbox.Group label={t('remotes.classes')} {...form.getInputProps('classes')} error={firstError(form.errors, 'classes')}>
              <Stack gap="xs" mt={4}>
                {classes.map((value) => (
                  <Checkbox key={value} value={value} label={t(`class.${value}`)} />
                ))}
              </Stack>
            </Checkbox.Group>
          </Section>
          <Section title={t('remotes.fields')}>
            <FieldsEditor
              fields={form.values.fields}
              locales={locales.length ? locales : ['en']}
              onChange={(fields) => form.setFieldValue('fields', fields)}
              error={(field) => firstError(form.errors, field)?.toString()}
            />
          </Section>
          <Section title={t('remotes.answers')}>
            <SimpleGrid cols={{ base: 1, xs: 3 }}>
              <TextInput label={t('remotes.timeout')} placeholder="5" inputMode="numeric" {...form.getInputProps('timeout')} />
              <TextInput label={t('remotes.retries')} placeholder="0" inputMode="numeric" {...form.getInputProps('retries')} />
              <TextInput label={t('remotes.tries')} placeholder="5" inputMode="numeric" {...form.getInputProps('tries')} />
            </SimpleGrid>
            <Textarea
              label={t('remotes.reasons')}
              description={t('remotes.reasons.hint')}
              autosize
              minRows={2}
              placeholder="left_company: The directory says that you have left."
              {...form.getInputProps('reasons')}
              error={firstError(form.errors, 'reasons')}
            />
          </Section>
          {may('remotes') && <SaveBar pending={pending}>{children}</SaveBar>}
        </Stack>
      </Fieldset>
    </form>
  )
}
