import { Button, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { useChange } from '../../api/hooks'
import { verifications } from '../../api/resources'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'

/** EndAttestation takes a group away again, with a reason. */
export function EndAttestation({ attestation, verification }: { attestation: string; verification: string }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const [opened, { open, close }] = useDisclosure(false)
  const form = useForm({ initialValues: { reason: '' } })
  const end = useChange((reason: string) => verifications.end(store, attestation, reason), [store, 'verifications', verification], [store, 'audit'])
  const submit = form.onSubmit(({ reason }) =>
    end.mutate(reason, {
      onSuccess: () => {
        close()
        done(t('attestations.ended'))
      },
      onError: (error) => showOn(form, error),
    }),
  )
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        {t('attestations.end')}
      </Button>
      <Modal opened={opened} onClose={close} title={t('attestations.end')} closeButtonProps={{ 'aria-label': t('close') }}>
        <form onSubmit={submit}>
          <Stack>
            <Text fz="sm">{t('attestations.end.consequence')}</Text>
            <ProblemAlert error={end.error} fields={taken('reason')} />
            <TextInput label={t('attestations.reason')} description={t('attestations.reason.hint')} required data-autofocus {...form.getInputProps('reason')} />
            <SaveBar pending={end.isPending} label={t('attestations.end')} />
          </Stack>
        </form>
      </Modal>
    </>
  )
}
