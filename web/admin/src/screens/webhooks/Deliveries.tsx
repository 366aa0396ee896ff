import { Button, Stack, Text, Title } from '@mantine/core'
import { useChange, useListing } from '../../api/hooks'
import { webhooks } from '../../api/resources'
import type { Delivery, Webhook } from '../../api/types'
import { EmptyState } from '../../parts/EmptyState'
import { Listed } from '../../parts/Listed'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { RecordTable } from '../../parts/RecordTable'
import { StateBadge } from '../../parts/StateBadge'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'

/** Deliveries lists what was sent to an endpoint and what it answered; an owner sends it again. */
export function Deliveries({ hook }: { hook: Webhook }) {
  const { t } = useLanguage()
  const { id: store, may } = useStore()
  const { time } = useFormat()
  const key = [store, 'deliveries', hook.id]
  const list = useListing(key, (query) => webhooks.deliveries(store, hook.id, query))
  const replay = useChange((delivery: string) => webhooks.replay(store, delivery), key)
  const again = (delivery: Delivery) => (
    <Button
      size="compact-xs"
      variant="light"
      aria-label={t('webhooks.replay.of', { event: delivery.event_type })}
      loading={replay.isPending && replay.variables === delivery.id}
      onClick={() => replay.mutate(delivery.id, { onSuccess: () => done(t('webhooks.replayed')) })}
    >
      {t('webhooks.replay')}
    </Button>
  )
  return (
    <Stack>
      <Title order={2}>{t('webhooks.deliveries')}</Title>
      <ProblemAlert error={replay.error} />
      <Listed list={list} empty={<EmptyState icon="clock" title={t('webhooks.deliveries.empty')} next={t('webhooks.deliveries.empty.next')} />}>
        {(rows) => (
          <RecordTable
            label={t('webhooks.deliveries')}
            rows={rows}
            id={(delivery) => delivery.id}
            columns={[
              { title: t('webhooks.event'), cell: (d) => d.event_type },
              { title: t('column.state'), cell: (d) => <StateBadge state={d.state} /> },
              {
                title: t('webhooks.answer'),
                cell: (d) => (
                  <>
                    {d.last_status || '–'}
                    {d.last_error && (
                      <Text fz="xs" c="dimmed">
                        {d.last_error}
                      </Text>
                    )}
                  </>
                ),
              },
              { title: t('webhooks.attempts'), number: true, cell: (d) => d.attempts },
              { title: t('column.created'), cell: (d) => time(d.created_at) },
              ...(may('webhooks') ? [{ title: t('column.actions'), number: true, cell: again }] : []),
            ]}
          />
        )}
      </Listed>
    </Stack>
  )
}
