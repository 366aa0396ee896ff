import { Code, Modal, Stack, Title } from '@mantine/core'
import { useRecord } from '../../api/hooks'
import { webhooks } from '../../api/resources'
import type { Delivery, DeliveryDetail } from '../../api/types'
import { Facts } from '../../parts/Facts'
import { Loaded } from '../../parts/Loaded'
import { RecordTable } from '../../parts/RecordTable'
import { StateBadge } from '../../parts/StateBadge'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'

/** DeliveryDetails shows one delivery: what is sent, and each try with what the endpoint answered. */
export function DeliveryDetails({ delivery, onClose }: { delivery: Delivery | null; onClose: () => void }) {
  const { t } = useLanguage()
  return (
    <Modal opened={delivery !== null} onClose={onClose} size="lg" title={delivery?.event_type ?? ''} closeButtonProps={{ 'aria-label': t('close') }}>
      {delivery && <Details id={delivery.id} />}
    </Modal>
  )
}

function Details({ id }: { id: string }) {
  const { id: store } = useStore()
  const found = useRecord([store, 'delivery', id], () => webhooks.delivery(store, id))
  return <Loaded query={found}>{(detail) => <Shown detail={detail} />}</Loaded>
}

function Shown({ detail }: { detail: DeliveryDetail }) {
  const { t } = useLanguage()
  const { number, time } = useFormat()
  // The database keeps "when the one before is through" as a date that nobody lives to see.
  const next = new Date(detail.next_at).getUTCFullYear() > 2200 ? t('webhooks.next.later') : time(detail.next_at)
  return (
    <Stack>
      <Facts
        rows={[
          [t('column.state'), <StateBadge key="state" state={detail.state} />],
          [t('webhooks.message'), detail.event_id],
          ...(detail.state === 'waiting' ? [[t('webhooks.next'), next] as const] : []),
        ]}
      />
      <Title order={3} size="h5">{t('webhooks.tries')}</Title>
      <RecordTable
        label={t('webhooks.tries')}
        rows={detail.tries}
        id={(attempt) => attempt.id}
        columns={[
          { title: t('audit.when'), cell: (attempt) => time(attempt.created_at) },
          { title: t('webhooks.status'), number: true, cell: (attempt) => attempt.status || '–' },
          { title: t('webhooks.took'), number: true, cell: (attempt) => `${number(attempt.took_ms)}\u00a0ms` },
          { title: t('webhooks.error'), cell: (attempt) => attempt.error || '–' },
        ]}
      />
      <Title order={3} size="h5">{t('webhooks.payload')}</Title>
      <Code block tabIndex={0} role="region" aria-label={t('webhooks.payload')}>
        {JSON.stringify(detail.payload, null, 2)}
      </Code>
    </Stack>
  )
}
