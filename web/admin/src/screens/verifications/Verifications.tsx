import { useListing } from '../../api/hooks'
import { verifications } from '../../api/resources'
import { EmptyState } from '../../parts/EmptyState'
import { FilterBar } from '../../parts/FilterBar'
import { FilterSelect } from '../../parts/FilterSelect'
import { Listed } from '../../parts/Listed'
import { NoMatch } from '../../parts/NoMatch'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { RecordTable } from '../../parts/RecordTable'
import { StateBadge } from '../../parts/StateBadge'
import { useFilters } from '../../parts/useFilters'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { useGroups } from '../groups/useGroups'
import { VerifyByHand } from '../support/VerifyByHand'

const states = ['collecting', 'challenged', 'pending_review', 'verified', 'rejected', 'failed', 'expired', 'cancelled'] as const

/** Verifications lists the attempts to prove something, by state and group. */
export function Verifications() {
  const { t } = useLanguage()
  const { id, may } = useStore()
  const { time } = useFormat()
  const groups = useGroups()
  const filters = useFilters('state', 'group')
  const list = useListing([id, 'verifications'], (query) => verifications.list(id, query), filters.values)
  return (
    <Page title={t('verifications.title')} lead={t('verifications.lead')} actions={may('support') && <VerifyByHand />}>
      <FilterBar filters={filters}>
        <FilterSelect
          label={t('column.state')}
          value={filters.get('state')}
          onChange={(v) => filters.set('state', v)}
          data={states.map((value) => ({ value, label: t(`state.${value}`) }))}
        />
        <FilterSelect label={t('policies.group')} value={filters.get('group')} onChange={(v) => filters.set('group', v)} data={groups.options} />
      </FilterBar>
      <Listed
        list={list}
        empty={
          <NoMatch filters={filters}>
            <EmptyState icon="shield" title={t('verifications.empty')} next={t('verifications.empty.next')} />
          </NoMatch>
        }
      >
        {(rows) => (
          <RecordTable
            label={t('verifications.title')}
            rows={rows}
            id={(row) => row.id}
            columns={[
              {
                title: t('policies.group'),
                cell: (row) => (
                  <TextLink to="/s/$store/verifications/$id" params={{ store: id, id: row.id }}>
                    {groups.title(row.group, row.subgroup)}
                  </TextLink>
                ),
              },
              { title: t('column.state'), cell: (row) => <StateBadge state={row.state} /> },
              { title: t('verifications.customer'), cell: (row) => row.customer || t('verifications.customer.none') },
              { title: t('column.created'), cell: (row) => time(row.created_at) },
              { title: t('column.updated'), cell: (row) => time(row.updated_at) },
            ]}
          />
        )}
      </Listed>
    </Page>
  )
}
