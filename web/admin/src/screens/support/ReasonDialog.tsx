import { Button, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'

interface ReasonDialogProps {
  label: string
  hint: string
  pending: boolean
  error: unknown
  act: (reason: string) => Promise<unknown>
}

/** ReasonDialog is a button for what support does by hand: it asks for the reason that goes into the audit log. */
export function ReasonDialog({ label, hint, pending, error, act }: ReasonDialogProps) {
  const { t } = useLanguage()
  const [opened, { open, close }] = useDisclosure(false)
  const form = useForm({ initialValues: { reason: '' } })
  const submit = form.onSubmit(({ reason }) => void act(reason).then(close, (problem: unknown) => showOn(form, problem)))
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        {label}
      </Button>
      <Modal opened={opened} onClose={close} title={label} closeButtonProps={{ 'aria-label': t('close') }}>
        <form onSubmit={submit}>
          <Stack>
            <Text fz="sm">{hint}</Text>
            <ProblemAlert error={error} fields={taken('reason')} />
            <TextInput label={t('support.reason')} description={t('support.reason.hint')} required data-autofocus {...form.getInputProps('reason')} />
            <SaveBar pending={pending} label={label} />
          </Stack>
        </form>
      </Modal>
    </>
  )
}
