import { Box, Tabs } from '@mantine/core'
import { useListing } from '../../api/hooks'
import { privacy } from '../../api/resources'
import { EmptyState } from '../../parts/EmptyState'
import { FilterBar } from '../../parts/FilterBar'
import { FilterSelect } from '../../parts/FilterSelect'
import { FilterText } from '../../parts/FilterText'
import { Listed } from '../../parts/Listed'
import { TextLink } from '../../parts/links'
import { NoMatch } from '../../parts/NoMatch'
import { Page } from '../../parts/Page'
import { RecordTable } from '../../parts/RecordTable'
import { StateBadge } from '../../parts/StateBadge'
import { useFilters } from '../../parts/useFilters'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { EraseShopper } from './EraseShopper'
import { ExportShopper } from './ExportShopper'
import { RetentionReport } from './RetentionReport'

/** Privacy shows what shoppers asked for, and how long what is kept. */
export function Privacy() {
  const { t } = useLanguage()
  const { id, may } = useStore()
  const filters = useFilters('tab')
  return (
    <Page
      title={t('privacy.title')}
      lead={
        <>
          {t('privacy.lead')}{' '}
          <TextLink to="/s/$store/reviews" params={{ store: id }} underline="always">
            {t('privacy.objections')}
          </TextLink>
        </>
      }
      actions={
        may('privacy') && (
          <>
            <ExportShopper />
            <EraseShopper />
          </>
        )
      }
    >
      <Tabs value={filters.get('tab') || 'requests'} onChange={(tab) => filters.set('tab', tab === 'retention' ? tab : '')} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="requests">{t('privacy.requests')}</Tabs.Tab>
          <Tabs.Tab value="retention">{t('retention.title')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="requests">
          <Requests />
        </Tabs.Panel>
        <Tabs.Panel value="retention">
          <RetentionReport />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

function Requests() {
  const { t } = useLanguage()
  const { id } = useStore()
  const { time } = useFormat()
  const filters = useFilters('kind', 'state', 'customer')
  const list = useListing(
    [id, 'privacy'],
    (query) => privacy.list(id, query),
    filters.values,
    (rows) => rows.some((row) => row.state !== 'done'),
  )
  return (
    <>
      <FilterBar filters={filters}>
        <FilterSelect label={t('privacy.kind')} value={filters.get('kind')} onChange={(v) => filters.set('kind', v)} data={(['export', 'erasure'] as const).map((value) => ({ value, label: t(`privacy.kind.${value}`) }))} />
        <FilterSelect
          label={t('column.state')}
          value={filters.get('state')}
          onChange={(v) => filters.set('state', v)}
          data={(['waiting', 'running', 'done'] as const).map((value) => ({ value, label: t(`state.${value}`) }))}
        />
        <FilterText label={t('privacy.customer')} value={filters.get('customer')} onChange={(v) => filters.set('customer', v)} />
      </FilterBar>
      <Box mt="md">
        <Listed
          list={list}
          empty={
            <NoMatch filters={filters}>
              <EmptyState icon="lock" title={t('privacy.requests.empty')} next={t('privacy.requests.empty.next')} />
            </NoMatch>
          }
        >
          {(rows) => (
            <RecordTable
              label={t('privacy.requests')}
              rows={rows}
              id={(row) => row.id}
              columns={[
                {
                  title: t('privacy.kind'),
                  cell: (row) => (
                    <TextLink to="/s/$store/privacy/$id" params={{ store: id, id: row.id }}>
                      {t(`privacy.kind.${row.kind}`)}
                    </TextLink>
                  ),
                },
                { title: t('column.state'), cell: (row) => <StateBadge state={row.state} /> },
                { title: t('privacy.customer'), cell: (row) => row.customer || row.verification_id },
                { title: t('privacy.by'), cell: (row) => t(`privacy.by.${row.asked_by}`) },
                { title: t('column.created'), cell: (row) => time(row.created_at) },
                { title: t('privacy.done'), cell: (row) => time(row.done_at) },
              ]}
            />
          )}
        </Listed>
      </Box>
    </>
  )
}
