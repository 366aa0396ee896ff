import { Button, Checkbox, Fieldset, FileButton, Group, SimpleGrid, Stack, Text, TextInput, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useEffect } from 'react'
import type { Roster, RosterInput } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { showOn, taken } from '../../text/fields'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { GroupFields } from '../groups/GroupFields'

const columns = ['number', 'first_name', 'middle_name', 'last_name', 'subgroup'] as const

interface RosterFormProps {
  /** roster is the one that is imported again; none for a new one. */
  roster?: Roster
  pending: boolean
  error: unknown
  onSave: (input: RosterInput) => void
  reload?: () => void
}

/** RosterForm reads a list of members. The list itself is never shown again. */
export function RosterForm({ roster, pending, error, onSave, reload }: RosterFormProps) {
  const { t } = useLanguage()
  const { may } = useStore()
  const { number } = useFormat()
  const form = useForm({
    initialValues: {
      id: roster?.id ?? '',
      title: roster?.title ?? '',
      group: roster?.group ?? '',
      subgroup: roster?.subgroup ?? '',
      confidential: roster?.confidential ?? false,
      columns: Object.fromEntries(columns.map((name) => [name, ''])) as Record<(typeof columns)[number], string>,
      text: '',
    },
  })
  const { setErrors } = form
  useEffect(() => showOn({ setErrors }, error), [error, setErrors])
  const named = Object.fromEntries(Object.entries(form.values.columns).filter(([, name]) => name))
  const lines = form.values.text.split('\n').filter((line) => line.trim()).length
  return (
    <form onSubmit={form.onSubmit((values) => onSave({ ...values, columns: named }))}>
      <Fieldset disabled={!may('rosters')} variant="unstyled">
        <Stack maw={760}>
          <ProblemAlert error={error} fields={taken('id', 'title', 'group', 'subgroup', 'text')} {...(error && reload ? { reload } : {})} />
          <Section title={t(roster ? 'rosters.again' : 'rosters.new')} hint={roster && t('rosters.again.hint')}>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <TextInput label={t('rosters.id')} description={t('rosters.id.hint')} required disabled={Boolean(roster)} {...form.getInputProps('id')} />
              <TextInput label={t('rosters.name')} inputWrapperOrder={['label', 'description', 'input', 'error']} required {...form.getInputProps('title')} />
            </SimpleGrid>
            <GroupFields
              group={form.values.group}
              subgroup={form.values.subgroup}
              onChange={(group, subgroup) => form.setValues({ group, subgroup })}
              errors={{ group: form.errors.group, subgroup: form.errors.subgroup }}
            />
            <Checkbox label={t('rosters.confidential')} description={t('rosters.confidential.hint')} {...form.getInputProps('confidential', { type: 'checkbox' })} />
          </Section>
          <Section
            title={t('rosters.list')}
            hint={t('rosters.list.hint')}
            actions={
              may('rosters') && (
                <FileButton accept=".csv,.txt,.jsonl,.ndjson,text/csv,text/plain,application/json" onChange={(file) => void file?.text().then((text) => form.setFieldValue('text', text))}>
                  {(props) => (
                    <Button {...props} variant="default" size="xs" leftSection={<Icon name="list" size={14} />}>
                      {t('rosters.file')}
                    </Button>
                  )}
                </FileButton>
              )
            }
          >
            <Textarea aria-label={t('rosters.list')} rows={10} ff="monospace" spellCheck={false} placeholder={'number,first_name,last_name\nT-1001,Ada,Lovelace'} {...form.getInputProps('text')} />
            <Group role="status">
              <Text fz="sm">{t('rosters.lines', { count: number(lines) })}</Text>
            </Group>
          </Section>
          <Section title={t('rosters.columns')} hint={t('rosters.columns.hint')}>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              {columns.map((column) => (
                <TextInput key={column} label={t(`rosters.column.${column}`)} placeholder={column} {...form.getInputProps(`columns.${column}`)} />
              ))}
            </SimpleGrid>
          </Section>
          {may('rosters') && <SaveBar pending={pending} disabled={lines === 0} label={t(roster ? 'rosters.again' : 'rosters.new')} />}
        </Stack>
      </Fieldset>
    </form>
  )
}
