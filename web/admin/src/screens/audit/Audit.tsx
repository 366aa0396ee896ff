import { useListing } from '../../api/hooks'
import { audit } from '../../api/resources'
import { EmptyState } from '../../parts/EmptyState'
import { FilterBar } from '../../parts/FilterBar'
import { FilterSelect } from '../../parts/FilterSelect'
import { FilterText } from '../../parts/FilterText'
import { Listed } from '../../parts/Listed'
import { NoMatch } from '../../parts/NoMatch'
import { Page } from '../../parts/Page'
import { RecordTable } from '../../parts/RecordTable'
import { useFilters } from '../../parts/useFilters'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { usePeople } from '../people/usePeople'
import { ShowChanges } from './ShowChanges'

/** Audit lists who changed what in the store. */
export function Audit() {
  const { t } = useLanguage()
  const { id } = useStore()
  const { time } = useFormat()
  const people = usePeople()
  const filters = useFilters('actor', 'action')
  const list = useListing([id, 'audit'], (query) => audit.list(id, query), filters.values)
  return (
    <Page title={t('audit.title')} lead={t('audit.lead')}>
      <FilterBar filters={filters}>
        <FilterSelect label={t('audit.actor')} value={filters.get('actor')} onChange={(v) => filters.set('actor', v)} data={people.options} />
        <FilterText label={t('audit.action')} value={filters.get('action')} onChange={(v) => filters.set('action', v)} />
      </FilterBar>
      <Listed
        list={list}
        empty={
          <NoMatch filters={filters}>
            <EmptyState icon="clock" title={t('audit.empty')} next={t('audit.empty.next')} />
          </NoMatch>
        }
      >
        {(rows) => (
          <RecordTable
            label={t('audit.title')}
            rows={rows}
            id={(event) => event.id}
            columns={[
              { title: t('audit.action'), cell: (event) => event.action },
              { title: t('audit.actor'), cell: (event) => people.name(event.actor) },
              { title: t('audit.target'), cell: (event) => event.target },
              { title: t('audit.when'), cell: (event) => time(event.created_at) },
              { title: t('audit.changes'), cell: (event) => <ShowChanges event={event} /> },
            ]}
          />
        )}
      </Listed>
    </Page>
  )
}
