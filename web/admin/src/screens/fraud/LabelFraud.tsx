import { Button, Modal, NativeSelect, Radio, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { useChange } from '../../api/hooks'
import { frauds } from '../../api/resources'
import type { FraudLabel, FraudLabelling } from '../../api/types'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'
import { labelReasons, liftReasons, reasonName } from './reasons'

const labels: readonly FraudLabel[] = ['suspected', 'confirmed', 'none']

/** LabelFraud sets, changes or lifts the label of an attestation, and says what that does. */
export function LabelFraud({ attestation, label = 'none' }: { attestation: string; label?: FraudLabel }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const [opened, { open, close }] = useDisclosure(false)
  const set = useChange((input: FraudLabelling) => frauds.label(store, attestation, input), [store, 'frauds'], [store, 'verifications'], [store, 'audit'])
  const form = useForm({ initialValues: { label: (label === 'suspected' ? 'confirmed' : 'suspected') as FraudLabel, reason: 'chargeback', reference: '' } })
  const reasons = form.values.label === 'none' ? liftReasons : labelReasons
  const reason = reasons.find((r) => r === form.values.reason) ?? reasons[0]!
  const submit = form.onSubmit((values) =>
    set.mutate(
      { label: values.label, reason, ...(values.reference ? { reference: values.reference } : {}) },
      {
        onSuccess: () => {
          close()
          done(t('fraud.done'))
        },
        onError: (error) => showOn(form, error),
      },
    ),
  )
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        {t(label === 'none' ? 'fraud.set' : 'fraud.change')}
      </Button>
      <Modal opened={opened} onClose={close} title={t(label === 'none' ? 'fraud.set' : 'fraud.change')} closeButtonProps={{ 'aria-label': t('close') }}>
        <form onSubmit={submit}>
          <Stack>
            <ProblemAlert error={set.error} fields={taken('label', 'reason', 'reference')} />
            <Radio.Group label={t('fraud.label')} {...form.getInputProps('label')}>
              <Stack gap="xs" mt={4}>
                {labels
                  .filter((value) => value !== label)
                  .map((value) => (
                    <Radio key={value} value={value} label={t(`fraud.${value}`)} description={t(`fraud.${value}.does` as const)} />
                  ))}
              </Stack>
            </Radio.Group>
            <NativeSelect
              label={t('fraud.reason')}
              data={reasons.map((value) => ({ value, label: reasonName(value, t) }))}
              value={reason}
              error={form.errors.reason}
              onChange={(event) => form.setFieldValue('reason', event.currentTarget.value)}
            />
            <TextInput label={t('fraud.reference')} description={t('fraud.reference.hint')} {...form.getInputProps('reference')} />
            <SaveBar pending={set.isPending} label={t('fraud.set')} />
          </Stack>
        </form>
      </Modal>
    </>
  )
}
