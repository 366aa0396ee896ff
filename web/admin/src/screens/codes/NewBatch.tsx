import { Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useChange } from '../../api/hooks'
import { batches } from '../../api/resources'
import type { NewCodeBatch } from '../../api/types'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { showOn, taken } from '../../text/fields'
import { instant, localInput } from '../../text/format'
import { useLanguage } from '../../text/language'
import { parseDecimal } from '../../text/money'

const threeMonths = 90 * 86_400_000

/** NewBatch makes single-use codes; they are downloaded from the list. */
export function NewBatch({ offer, opened, onClose }: { offer: string; opened: boolean; onClose: () => void }) {
  const { t, language } = useLanguage()
  const { id: store } = useStore()
  const form = useForm({ initialValues: { count: '100', expires_at: localInput(new Date(Date.now() + threeMonths).toISOString()), note: '' } })
  const create = useChange((input: NewCodeBatch) => batches.create(store, offer, input), [store, 'batches'], [store, 'audit'])
  const finish = () => {
    onClose()
    create.reset()
    form.reset()
  }
  const submit = form.onSubmit((values) => {
    const count = parseDecimal(values.count, 0, language)
    const expires = instant(values.expires_at)
    if (count === null || !expires) return form.setErrors({ ...(count === null ? { count: t('number.whole') } : {}), ...(expires ? {} : { expires_at: t('required') }) })
    create.mutate(
      { count, expires_at: expires, note: values.note.trim() },
      {
        onSuccess: () => {
          done(t('batch.made'))
          finish()
        },
        onError: (error) => showOn(form, error),
      },
    )
  })
  return (
    <Modal opened={opened} onClose={finish} title={t('batch.new')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <ProblemAlert error={create.error} fields={taken('count', 'expires_at', 'note')} />
          <TextInput label={t('batch.count')} description={t('batch.count.hint')} inputMode="numeric" required {...form.getInputProps('count')} />
          <TextInput label={t('batch.expires')} type="datetime-local" required {...form.getInputProps('expires_at')} />
          <TextInput label={t('batch.note')} description={t('batch.note.hint')} {...form.getInputProps('note')} />
          <SaveBar pending={create.isPending} label={t('create')} />
        </Stack>
      </form>
    </Modal>
  )
}
