import { useListing, useRecord } from '../../api/hooks'
import { isProblem } from '../../api/problem'
import { members, program } from '../../api/resources'
import { EmptyState } from '../../parts/EmptyState'
import { FilterBar } from '../../parts/FilterBar'
import { FilterSelect } from '../../parts/FilterSelect'
import { FilterText } from '../../parts/FilterText'
import { Listed } from '../../parts/Listed'
import { NoMatch } from '../../parts/NoMatch'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { RecordTable } from '../../parts/RecordTable'
import { useFilters } from '../../parts/useFilters'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'

/** Members lists who collects points. */
export function Members() {
  const { t } = useLanguage()
  const { id } = useStore()
  const { number, date } = useFormat()
  const filters = useFilters('q', 'tier')
  const tiers = useRecord([id, 'program', 'tiers'], () => tiersOf(id))
  const list = useListing([id, 'members'], (query) => members.list(id, query), filters.values)
  return (
    <Page title={t('members.title')} lead={t('members.lead')}>
      <FilterBar filters={filters}>
        <FilterText label={t('members.search')} value={filters.get('q')} onChange={(v) => filters.set('q', v)} />
        <FilterSelect label={t('members.tier')} value={filters.get('tier')} onChange={(v) => filters.set('tier', v)} data={tiers.data ?? []} />
      </FilterBar>
      <Listed
        list={list}
        empty={
          <NoMatch filters={filters}>
            <EmptyState icon="people" title={t('members.empty')} next={t('members.empty.next')} />
          </NoMatch>
        }
      >
        {(rows) => (
          <RecordTable
            label={t('members.title')}
            rows={rows}
            id={(member) => member.customer}
            columns={[
              {
                title: t('members.customer'),
                cell: (member) => (
                  <TextLink to="/s/$store/members/$customer" params={{ store: id, customer: member.customer }}>
                    {member.customer}
                  </TextLink>
                ),
              },
              { title: t('members.tier'), cell: (member) => member.tier?.name ?? t('members.tier.none') },
              { title: t('members.available'), number: true, cell: (member) => number(member.balance.available) },
              { title: t('members.pending'), number: true, cell: (member) => number(member.balance.pending) },
              { title: t('members.debt'), number: true, cell: (member) => number(member.balance.debt) },
              { title: t('members.since'), cell: (member) => date(member.created_at) },
            ]}
          />
        )}
      </Listed>
    </Page>
  )
}

/** tiersOf returns the tiers of a store's program for choosing; none when there is no program. */
async function tiersOf(store: string): Promise<{ value: string; label: string }[]> {
  try {
    return (await program.read(store)).tiers.map((tier) => ({ value: tier.id, label: tier.name }))
  } catch (error) {
    if (isProblem(error, 'program_missing', 'not_found')) return []
    throw error
  }
}
