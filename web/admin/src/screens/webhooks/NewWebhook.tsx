import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useChange } from '../../api/hooks'
import { webhooks } from '../../api/resources'
import type { WebhookInput } from '../../api/types'
import { CopyField } from '../../parts/CopyField'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { useStore } from '../../shell/store'
import { showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'
import { WebhookFields } from './WebhookFields'

/** NewWebhook makes an endpoint and shows its signing secret once. */
export function NewWebhook({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useLanguage()
  const { id } = useStore()
  const form = useForm<WebhookInput>({
    initialValues: { url: '', description: '', events: [] },
  })
  const create = useChange((input: WebhookInput) => webhooks.create(id, input), [id, 'webhooks'], [id, 'audit'])
  const finish = () => {
    onClose()
    create.reset()
    form.reset()
  }
  const submit = form.onSubmit((values) => create.mutate(values, { onError: (error) => showOn(form, error) }))
  return (
    <Modal
      opened={opened}
      onClose={finish}
      size="lg"
      title={create.data ? t('webhooks.made') : t('webhooks.new')}
      closeOnClickOutside={!create.data}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {create.data ? (
        <Stack>
          <Text fz="sm">{t('webhooks.secret.once')}</Text>
          <CopyField label={t('webhooks.secret')} value={create.data.secret} />
          <Group justify="flex-end">
            <Button onClick={finish}>{t('close')}</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <ProblemAlert error={create.error} fields={taken('url', 'description', 'events')} />
            <WebhookFields form={form} />
            <SaveBar pending={create.isPending} label={t('create')} />
          </Stack>
        </form>
      )}
    </Modal>
  )
}
