import { Fieldset, NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useEffect } from 'react'
import type { Program, ProgramInput, WindowType } from '../../api/types'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'
import { EarnFields } from './EarnFields'
import { TierFields } from './TierFields'
import { type ProgramDraft, draftOf, readDraft } from './draft'

const windows: readonly WindowType[] = ['rolling', 'calendar', 'lifetime']
const fields = taken('name', 'earn.', 'pending_days', 'expires_after_days', 'window.', 'tiers.')

interface ProgramFormProps {
  /** program is null for a store that has none. */
  program: Program | null
  currency: string
  pending: boolean
  error: unknown
  onSave: (input: ProgramInput) => void
  reload: () => void
}

/** ProgramForm edits how points are earned, how long they live, and the tiers. */
export function ProgramForm({ program, currency, pending, error, onSave, reload }: ProgramFormProps) {
  const { t, language } = useLanguage()
  const { may } = useStore()
  const form = useForm<ProgramDraft>({ initialValues: draftOf(program, currency, language) })
  const { setErrors } = form
  useEffect(() => showOn({ setErrors }, error), [error, setErrors])
  const submit = form.onSubmit((draft) => {
    const read = readDraft(draft, language)
    if ('input' in read) onSave(read.input)
    else setErrors(Object.fromEntries(Object.entries(read.errors).map(([field, key]) => [field, t(key)])))
  })
  return (
    <form onSubmit={submit} noValidate>
      <Fieldset disabled={!may('program')} variant="unstyled">
        <Stack maw={760}>
          <ProblemAlert error={error} fields={fields} {...(error ? { reload } : {})} />
          <Section title={program ? t('program.version', { version: program.version }) : t('program.start')}>
            <TextInput label={t('program.name')} required {...form.getInputProps('name')} />
          </Section>
          <Section title={t('program.earn')} hint={t('program.earn.hint')}>
            <EarnFields form={form} />
          </Section>
          <Section title={t('program.life')}>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <TextInput label={t('program.pending')} description={t('program.pending.hint')} inputMode="numeric" {...form.getInputProps('pending_days')} />
              <TextInput label={t('program.expires')} description={t('program.expires.hint')} inputMode="numeric" {...form.getInputProps('expires_after_days')} />
            </SimpleGrid>
          </Section>
          <Section title={t('program.tiers')} hint={t('program.tiers.hint')}>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <NativeSelect
                label={t('program.window')}
                data={windows.map((value) => ({ value, label: t(`program.window.${value}`) }))}
                value={form.values.window.type}
                error={form.errors['window.type']}
                onChange={(event) => form.setFieldValue('window.type', windows.find((w) => w === event.currentTarget.value) ?? 'rolling')}
              />
              {form.values.window.type === 'rolling' && <TextInput label={t('program.window.days')} inputMode="numeric" {...form.getInputProps('window.days')} />}
            </SimpleGrid>
            <TierFields form={form} />
          </Section>
          {may('program') && <SaveBar pending={pending} />}
        </Stack>
      </Fieldset>
    </form>
  )
}
