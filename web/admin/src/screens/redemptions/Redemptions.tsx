import { useListing, useRecord } from '../../api/hooks'
import { offers, redemptions } from '../../api/resources'
import { EmptyState } from '../../parts/EmptyState'
import { FilterBar } from '../../parts/FilterBar'
import { FilterSelect } from '../../parts/FilterSelect'
import { FilterText } from '../../parts/FilterText'
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

/** Redemptions lists the orders that used offers. */
export function Redemptions() {
  const { t } = useLanguage()
  const { id } = useStore()
  const { money, number, time } = useFormat()
  const filters = useFilters('order_id', 'customer', 'offer_id')
  const known = useRecord([id, 'offers', 'all'], () => offers.list(id, { limit: 100 }))
  const list = useListing([id, 'redemptions'], (query) => redemptions.list(id, query), filters.values)
  return (
    <Page title={t('redemptions.title')} lead={t('redemptions.lead')}>
      <FilterBar filters={filters}>
        <FilterText label={t('redemptions.order')} value={filters.get('order_id')} onChange={(v) => filters.set('order_id', v)} />
        <FilterText label={t('redemptions.customer')} value={filters.get('customer')} onChange={(v) => filters.set('customer', v)} />
        <FilterSelect
          label={t('offers.unknown')}
          value={filters.get('offer_id')}
          onChange={(v) => filters.set('offer_id', v)}
          data={(known.data?.data ?? []).map((offer) => ({ value: offer.id, label: offer.name }))}
        />
      </FilterBar>
      <Listed
        list={list}
        empty={
          <NoMatch filters={filters}>
            <EmptyState icon="receipt" title={t('redemptions.empty')} next={t('redemptions.empty.next')} />
          </NoMatch>
        }
      >
        {(rows) => (
          <RecordTable
            label={t('redemptions.title')}
            rows={rows}
            id={(row) => row.id}
            columns={[
              {
                title: t('redemptions.order'),
                cell: (row) => (
                  <TextLink to="/s/$store/redemptions/$id" params={{ store: id, id: row.id }}>
                    {row.order_id}
                  </TextLink>
                ),
              },
              { title: t('redemptions.customer'), cell: (row) => row.customer || t('verifications.customer.none') },
              { title: t('column.state'), cell: (row) => <StateBadge state={row.state} /> },
              { title: t('redemptions.discount'), number: true, cell: (row) => money(row.totals.discount, row.currency) },
              { title: t('redemptions.total'), number: true, cell: (row) => money(row.totals.total, row.currency) },
              { title: t('redemptions.points'), number: true, cell: (row) => number(row.points) },
              { title: t('column.created'), cell: (row) => time(row.created_at) },
            ]}
          />
        )}
      </Listed>
    </Page>
  )
}
