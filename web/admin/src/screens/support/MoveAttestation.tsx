import { Button, Checkbox, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { useChange } from '../../api/hooks'
import { support } from '../../api/resources'
import type { Moving } from '../../api/types'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'

/** MoveAttestation gives an attestation to another customer of the same person. */
export function MoveAttestation({ attestation }: { attestation: string }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const [opened, { open, close }] = useDisclosure(false)
  const form = useForm({ initialValues: { customer: '', reason: '', past_limit: false } })
  const move = useChange((input: Moving) => support.move(store, attestation, input), [store, 'verifications'], [store, 'audit'])
  const submit = form.onSubmit((values) =>
    move.mutate(values, {
      onSuccess: () => {
        close()
        done(t('support.move.done'))
      },
      onError: (error) => showOn(form, error),
    }),
  )
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        {t('support.move')}
      </Button>
      <Modal opened={opened} onClose={close} title={t('support.move')} closeButtonProps={{ 'aria-label': t('close') }}>
        <form onSubmit={submit}>
          <Stack>
            <Text fz="sm">{t('support.move.hint')}</Text>
            <ProblemAlert error={move.error} fields={taken('customer', 'reason')} />
            <TextInput label={t('support.move.to')} required data-autofocus {...form.getInputProps('customer')} />
            <TextInput label={t('support.reason')} description={t('support.reason.hint')} required {...form.getInputProps('reason')} />
            <Checkbox label={t('support.move.past')} {...form.getInputProps('past_limit', { type: 'checkbox' })} />
            <SaveBar pending={move.isPending} label={t('support.move')} />
          </Stack>
        </form>
      </Modal>
    </>
  )
}
