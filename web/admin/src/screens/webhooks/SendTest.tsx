import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useChange } from '../../api/hooks'
import { webhooks } from '../../api/resources'
import type { Webhook } from '../../api/types'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useLanguage } from '../../text/language'

/** SendTest sends an endpoint one message of type webhook.test. What became of it stands among the deliveries. */
export function SendTest({ hook }: { hook: Webhook }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const test = useChange(() => webhooks.test(store, hook.id), [store, 'deliveries', hook.id], [store, 'audit'])
  return (
    <Button
      variant="default"
      disabled={hook.state === 'disabled'}
      loading={test.isPending}
      onClick={() =>
        test.mutate(undefined, {
          onSuccess: () => done(t('webhooks.tested')),
          onError: (error) => notifications.show({ color: 'red.8', title: t('problem.title'), message: error.message, closeButtonProps: { 'aria-label': t('close') } }),
        })
      }
    >
      {t('webhooks.test')}
    </Button>
  )
}
