import { Button, Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useListing } from '../../api/hooks'
import { batches } from '../../api/resources'
import type { CodeBatch } from '../../api/types'
import { EmptyState } from '../../parts/EmptyState'
import { Icon } from '../../parts/Icon'
import { Listed } from '../../parts/Listed'
import { RecordTable } from '../../parts/RecordTable'
import { Section } from '../../parts/Section'
import { StateBadge } from '../../parts/StateBadge'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { NewBatch } from './NewBatch'
import { RevokeBatch } from './RevokeBatch'

/** CodeBatches lists the batches of single-use codes that were made for an offer; a marketer makes, downloads and revokes them. */
export function CodeBatches({ offer }: { offer: string }) {
  const { t } = useLanguage()
  const { id: store, may } = useStore()
  const { number, time } = useFormat()
  const [opened, { open, close }] = useDisclosure(false)
  const list = useListing([store, 'batches', offer], (query) => batches.list(store, offer, query))
  const create = may('offers') && (
    <Button variant="light" leftSection={<Icon name="plus" size={16} />} onClick={open}>
      {t('batch.new')}
    </Button>
  )
  return (
    <Section title={t('batch.title')} hint={t('batch.hint')} actions={list.rows?.length ? create : undefined}>
      <Listed list={list} empty={<EmptyState icon="tag" title={t('batch.empty')} next={t('batch.empty.next')} action={create} />}>
        {(rows) => (
          <RecordTable
            label={t('batch.title')}
            rows={rows}
            id={(batch) => batch.id}
            columns={[
              { title: t('batch.note'), cell: (batch) => batch.note || time(batch.created_at) },
              { title: t('batch.count'), number: true, cell: (batch) => number(batch.count) },
              { title: t('batch.used'), number: true, cell: (batch) => number(batch.used) },
              { title: t('batch.left'), number: true, cell: (batch) => number(batch.left) },
              { title: t('batch.expires'), cell: (batch) => time(batch.expires_at) },
              { title: t('column.state'), cell: (batch) => <StateBadge state={stateOf(batch)} /> },
              ...(may('offers') ? [{ title: t('column.actions'), cell: (batch: CodeBatch) => <Actions batch={batch} /> }] : []),
            ]}
          />
        )}
      </Listed>
      {may('offers') && <NewBatch offer={offer} opened={opened} onClose={close} />}
    </Section>
  )
}

function Actions({ batch }: { batch: CodeBatch }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  return (
    <Group gap="xs" wrap="nowrap" justify="flex-end">
      <Button component="a" size="compact-sm" variant="default" href={batches.file(store, batch.id)} download aria-label={t('batch.download.of', { note: batch.note || batch.id })}>
        {t('batch.download')}
      </Button>
      {stateOf(batch) === 'active' && <RevokeBatch batch={batch} />}
    </Group>
  )
}

/** stateOf is where a batch stands. The server counts nothing left of one that has ended. */
function stateOf(batch: CodeBatch): string {
  if (batch.revoked_at) return 'revoked'
  return batch.left === 0 && batch.used < batch.count ? 'expired' : 'active'
}
