import { Modal, Stack, TextInput, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useChange } from '../../api/hooks'
import { groups } from '../../api/resources'
import type { Texts } from '../../api/types'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { TextsInput } from '../../parts/TextsInput'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'
import { lines } from '../settings/lists'

/** NewGroup adds a group of the store's own. */
export function NewGroup({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useLanguage()
  const { id } = useStore()
  const form = useForm({ initialValues: { group: '', label: {} as Texts, subgroups: '' } })
  const create = useChange(
    (v: typeof form.values) =>
      groups.create(id, { ...v, subgroups: lines(v.subgroups).map((name) => ({ subgroup: name, label: { en: name.replaceAll('_', ' ') } })) }),
    [id, 'groups'],
    [id, 'audit'],
  )
  const submit = form.onSubmit((values) =>
    create.mutate(values, {
      onSuccess: () => {
        done(t('groups.created'))
        form.reset()
        onClose()
      },
      onError: (error) => showOn(form, error),
    }),
  )
  return (
    <Modal opened={opened} onClose={onClose} title={t('groups.new')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack>
          <ProblemAlert error={create.error} fields={taken('group')} />
          <TextInput label={t('groups.name')} description={t('groups.name.hint')} required data-autofocus {...form.getInputProps('group')} />
          <TextsInput label={t('groups.label')} locales={['en', 'de']} value={form.values.label} onChange={(label) => form.setFieldValue('label', label)} />
          <Textarea label={t('groups.subgroups')} description={t('groups.subgroups.hint')} autosize minRows={2} {...form.getInputProps('subgroups')} />
          <SaveBar pending={create.isPending} label={t('create')} />
        </Stack>
      </form>
    </Modal>
  )
}
