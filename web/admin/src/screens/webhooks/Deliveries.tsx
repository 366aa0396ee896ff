import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useChange, useListing } from '../../api/hooks'
import { webhooks } from '../../api/resources'
import type { Delivery, Webhook } from '../../api/types'
import { EmptyState } from '../../parts/EmptyState'
import { FilterBar } from '../../parts/FilterBar'
import { FilterSelect } from '../../parts/FilterSelect'
import { Listed } from '../../parts/Listed'
import { NoMatch } from '../../parts/NoMatch'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { RecordTable } from '../../parts/RecordTable'
import { StateBadge } from '../../parts/StateBadge'
import { useFilters } from '../../parts/useFilters'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { DeliveryDetails } from './DeliveryDetails'
import { ReplayRange } from './ReplayRange'
import { events } from './events'

const states = ['waiting', 'delivered', 'failed'] as const

/** underWay tells whether a delivery is tried within a minute. */
function underWay(rows: Delivery[]): boolean {
  return rows.some((delivery) => delivery.state === 'waiting' && Date.parse(delivery.next_at) < Date.now() + 60_000)
}

/** Deliveries lists what was sent to an endpoint and what it answered; an owner sends one, or many, again. */
export function Deliveries({ hook }: { hook: Webhook }) {
  const { t } = useLanguage()
  const { id: store, may } = useStore()
  const { time } = useFormat()
  const filters = useFilters('state', 'event_type')
  const [shown, setShown] = useState<Delivery | null>(null)
  const key = [store, 'deliveries', hook.id]
  const list = useListing(key, (query) => webhooks.deliveries(store, hook.id, query), filters.values, underWay)
  const replay = useChange((delivery: string) => webhooks.replay(store, delivery), key, [store, 'delivery'], [store, 'audit'])
  const again = (delivery: Delivery) =>
    delivery.state !== 'waiting' && (
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
      <Group justify="space-between">
        <Title order={2}>{t('webhooks.deliveries')}</Title>
        {may('webhooks') && <ReplayRange hook={hook} />}
      </Group>
      <FilterBar filters={filters}>
        <FilterSelect label={t('column.state')} value={filters.get('state')} onChange={(v) => filters.set('state', v)} data={states.map((value) => ({ value, label: t(`state.${value}`) }))} />
        <FilterSelect label={t('webhooks.event')} value={filters.get('event_type')} onChange={(v) => filters.set('event_type', v)} data={[...events, 'webhook.test'].map((value) => ({ value, label: value }))} />
      </FilterBar>
      <ProblemAlert error={replay.error} />
      <Listed
        list={list}
        empty={
          <NoMatch filters={filters}>
            <EmptyState icon="clock" title={t('webhooks.deliveries.empty')} next={t('webhooks.deliveries.empty.next')} />
          </NoMatch>
        }
      >
        {(rows) => (
          <RecordTable
            label={t('webhooks.deliveries')}
            rows={rows}
            id={(delivery) => delivery.id}
            columns={[
              {
                title: t('webhooks.event'),
                cell: (d) => (
                  <Anchor component="button" type="button" ta="start" onClick={() => setShown(d)}>
                    {d.event_type}
                  </Anchor>
                ),
              },
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
      <DeliveryDetails delivery={shown} onClose={() => setShown(null)} />
    </Stack>
  )
}
