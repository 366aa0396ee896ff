import { Button, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { useChange } from '../../api/hooks'
import { members } from '../../api/resources'
import type { Adjustment } from '../../api/types'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'
import { parseDecimal } from '../../text/money'

/** AdjustPoints gives or takes points by hand, with a reason. */
export function AdjustPoints({ customer }: { customer: string }) {
  const { t, language } = useLanguage()
  const { id: store } = useStore()
  const [opened, { open, close }] = useDisclosure(false)
  const points = (text: string) => parseDecimal(text, 0, language)
  const form = useForm({
    initialValues: { points: '', reason: '', reference: '' },
    validate: { points: (text) => (points(text) ? null : t('number.whole')) },
  })
  const adjust = useChange((input: Adjustment) => members.adjust(store, customer, input), [store, 'members'], [store, 'audit'])
  const submit = form.onSubmit((values) =>
    adjust.mutate(
      { ...values, points: points(values.points) ?? 0 },
      {
        onSuccess: () => {
          form.reset()
          close()
          done(t('members.adjusted'))
        },
        onError: (error) => showOn(form, error),
      },
    ),
  )
  return (
    <>
      <Button onClick={open}>{t('members.adjust')}</Button>
      <Modal opened={opened} onClose={close} title={t('members.adjust')} closeButtonProps={{ 'aria-label': t('close') }}>
        <form onSubmit={submit}>
          <Stack>
            <ProblemAlert error={adjust.error} fields={taken('points', 'reason', 'reference')} />
            <TextInput label={t('members.adjust.points')} description={t('members.adjust.points.hint')} required data-autofocus {...form.getInputProps('points')} />
            <TextInput label={t('members.adjust.reason')} description={t('members.adjust.reason.hint')} required {...form.getInputProps('reason')} />
            <TextInput label={t('members.adjust.reference')} description={t('members.adjust.reference.hint')} required {...form.getInputProps('reference')} />
            <SaveBar pending={adjust.isPending} label={t('members.adjust')} />
          </Stack>
        </form>
      </Modal>
    </>
  )
}
