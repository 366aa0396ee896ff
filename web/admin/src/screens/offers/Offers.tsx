import { Text } from '@mantine/core'
import { useListing } from '../../api/hooks'
import { offers } from '../../api/resources'
import { EmptyState } from '../../parts/EmptyState'
import { Icon } from '../../parts/Icon'
import { Listed } from '../../parts/Listed'
import { ButtonLink, TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { RecordTable } from '../../parts/RecordTable'
import { StateBadge } from '../../parts/StateBadge'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { useGroups } from '../groups/useGroups'
import { useBenefit } from './useBenefit'

/** Offers lists what a store gives. */
export function Offers() {
  const { t } = useLanguage()
  const { id, may } = useStore()
  const { date, time } = useFormat()
  const groups = useGroups()
  const benefit = useBenefit()
  const list = useListing([id, 'offers'], (query) => offers.list(id, query))
  const create = may('offers') && (
    <ButtonLink to="/s/$store/offers/new" params={{ store: id }} leftSection={<Icon name="plus" size={16} />}>
      {t('offers.new')}
    </ButtonLink>
  )
  return (
    <Page title={t('offers.title')} lead={t('offers.lead')} actions={create}>
      <Listed list={list} empty={<EmptyState icon="tag" title={t('offers.empty')} next={t('offers.empty.next')} action={create} />}>
        {(rows) => (
          <RecordTable
            label={t('offers.title')}
            rows={rows}
            id={(offer) => offer.id}
            columns={[
              {
                title: t('offers.name'),
                cell: (offer) => (
                  <>
                    <TextLink to="/s/$store/offers/$id" params={{ store: id, id: offer.id }}>
                      {offer.name}
                    </TextLink>
                    <Text fz="xs" c="dimmed" fw={400}>
                      {benefit(offer.benefit)}
                    </Text>
                  </>
                ),
              },
              { title: t('offers.for'), cell: (offer) => (offer.group ? groups.title(offer.group, offer.subgroup) : t('offers.everybody')) },
              { title: t('column.state'), cell: (offer) => <StateBadge state={offer.state} /> },
              { title: t('offers.ends'), cell: (offer) => date(offer.ends_at) },
              { title: t('column.updated'), cell: (offer) => time(offer.updated_at) },
            ]}
          />
        )}
      </Listed>
    </Page>
  )
}
