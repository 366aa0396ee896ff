import { Button, Checkbox, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useChange } from '../../api/hooks'
import { privacy } from '../../api/resources'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'

/** EraseShopper forgets a shopper who asked the store for it. */
export function EraseShopper() {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const navigate = useNavigate()
  const [opened, { open, close }] = useDisclosure(false)
  const form = useForm({ initialValues: { customer: '', confirm: false } })
  const erase = useChange((customer: string) => privacy.erase(store, customer), [store, 'privacy'], [store, 'audit'])
  const submit = form.onSubmit(({ customer }) =>
    erase.mutate(customer, {
      onSuccess: (request) => {
        close()
        form.reset()
        done(t('privacy.erase.asked'))
        void navigate({ to: '/s/$store/privacy/$id', params: { store, id: request.id } })
      },
      onError: (error) => showOn(form, error),
    }),
  )
  return (
    <>
      <Button variant="default" onClick={open}>
        {t('privacy.erase')}
      </Button>
      <Modal opened={opened} onClose={close} title={t('privacy.erase')} closeButtonProps={{ 'aria-label': t('close') }}>
        <form onSubmit={submit}>
          <Stack>
            <Text fz="sm">{t('privacy.erase.hint')}</Text>
            <ProblemAlert error={erase.error} fields={taken('customer')} />
            <TextInput label={t('privacy.customer')} description={t('privacy.customer.hint')} required data-autofocus {...form.getInputProps('customer')} />
            <Checkbox label={t('privacy.erase.confirm')} {...form.getInputProps('confirm', { type: 'checkbox' })} />
            <SaveBar pending={erase.isPending} disabled={!form.values.confirm} label={t('privacy.erase')} />
          </Stack>
        </form>
      </Modal>
    </>
  )
}
