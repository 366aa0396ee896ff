import { Alert } from '@mantine/core'
import type { Webhook } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'

/** Health tells what is the matter with an endpoint: why it is disabled, that it fails, that two secrets sign. */
export function Health({ hook }: { hook: Webhook }) {
  const { t } = useLanguage()
  const { number, time } = useFormat()
  return (
    <>
      {hook.disabled_reason && (
        <Alert color={hook.disabled_reason === 'admin' ? 'gray' : 'red'} icon={<Icon name="warn" />}>
          {t(`webhooks.disabled.${hook.disabled_reason}`)}
        </Alert>
      )}
      {hook.failing_since && (
        <Alert color="yellow" icon={<Icon name="warn" />}>
          {t('webhooks.failing', { count: number(hook.failures), time: time(hook.failing_since) })}
        </Alert>
      )}
      {hook.old_secret_until && <Alert color="blue">{t('webhooks.overlap.until', { time: time(hook.old_secret_until) })}</Alert>}
    </>
  )
}
