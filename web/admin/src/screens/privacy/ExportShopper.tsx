import { Button, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { useChange } from '../../api/hooks'
import { privacy } from '../../api/resources'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { download, gather } from './gather'

/** ExportShopper writes everything that is kept about a shopper to a file of the browser. */
export function ExportShopper() {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { number } = useFormat()
  const [opened, { open, close }] = useDisclosure(false)
  const form = useForm({ initialValues: { customer: '' } })
  const read = useChange((customer: string) => gather((cursor) => privacy.part(store, customer, cursor)), [store, 'privacy'], [store, 'audit'])
  const submit = form.onSubmit(({ customer }) =>
    read.mutate(customer, {
      onSuccess: (records) => {
        download(`${customer.replace(/[^\w.-]+/g, '_')}.json`, { customer, data: records })
        close()
        done(t('privacy.export.done', { count: number(records.length) }))
      },
    }),
  )
  return (
    <>
      <Button variant="default" onClick={open}>
        {t('privacy.export')}
      </Button>
      <Modal opened={opened} onClose={close} title={t('privacy.export')} closeButtonProps={{ 'aria-label': t('close') }}>
        <form onSubmit={submit}>
          <Stack>
            <Text fz="sm">{t('privacy.export.hint')}</Text>
            <ProblemAlert error={read.error} />
            <TextInput label={t('privacy.customer')} description={t('privacy.customer.hint')} required data-autofocus {...form.getInputProps('customer')} />
            <SaveBar pending={read.isPending} label={t('privacy.export')} />
          </Stack>
        </form>
      </Modal>
    </>
  )
}
