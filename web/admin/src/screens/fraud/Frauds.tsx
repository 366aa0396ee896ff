import { Text } from '@mantine/core'
import { useListing } from '../../api/hooks'
import { frauds } from '../../api/resources'
import { EmptyState } from '../../parts/EmptyState'
import { FilterBar } from '../../parts/FilterBar'
import { FilterSelect } from '../../parts/FilterSelect'
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
import { usePeople } from '../people/usePeople'
import { reasonName } from './reasons'

/** Frauds lists the attestations that somebody labelled. */
export function Frauds() {
  const { t } = useLanguage()
  const { id } = useStore()
  const { time } = useFormat()
  const people = usePeople()
  const filters = useFilters('label')
  const list = useListing([id, 'frauds'], (query) => frauds.list(id, query), filters.values)
  return (
    <Page
      title={t('fraud.title')}
      lead={
        <>
          {t('fraud.lead')}{' '}
          <TextLink to="/s/$store/reviews" params={{ store: id }} underline="always">
            {t('fraud.appeals')}
          </TextLink>
        </>
      }
    >
      <FilterBar filters={filters}>
        <FilterSelect
          label={t('fraud.label')}
          value={filters.get('label')}
          onChange={(v) => filters.set('label', v)}
          data={(['suspected', 'confirmed'] as const).map((value) => ({ value, label: t(`fraud.${value}`) }))}
        />
      </FilterBar>
      <Listed
        list={list}
        empty={
          <NoMatch filters={filters}>
            <EmptyState icon="warn" title={t('fraud.empty')} next={t('fraud.empty.next')} />
          </NoMatch>
        }
      >
        {(rows) => (
          <RecordTable
            label={t('fraud.title')}
            rows={rows}
            id={(row) => row.attestation_id}
            columns={[
              {
                title: t('fraud.attestation'),
                cell: (row) => (
                  <TextLink to="/s/$store/frauds/$id" params={{ store: id, id: row.attestation_id }}>
                    {row.attestation_id}
                  </TextLink>
                ),
              },
              { title: t('fraud.label'), cell: (row) => <StateBadge state={row.label} /> },
              {
                title: t('fraud.reason'),
                cell: (row) => (
                  <>
                    {reasonName(row.reason, t)}
                    {row.reference && (
                      <Text fz="xs" c="dimmed">
                        {row.reference}
                      </Text>
                    )}
                  </>
                ),
              },
              { title: t('audit.actor'), cell: (row) => people.name(row.actor) },
              { title: t('fraud.when'), cell: (row) => time(row.labelled_at) },
            ]}
          />
        )}
      </Listed>
    </Page>
  )
}
