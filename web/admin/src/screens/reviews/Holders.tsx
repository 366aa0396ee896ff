import type { Attestation } from '../../api/types'
import { Section } from '../../parts/Section'
import { RecordTable } from '../../parts/RecordTable'
import { StateBadge } from '../../parts/StateBadge'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { useGroups } from '../groups/useGroups'

/** Holders are the attestations that the same person has already. */
export function Holders({ holders }: { holders: readonly Attestation[] }) {
  const { t } = useLanguage()
  const { time } = useFormat()
  const groups = useGroups()
  if (holders.length === 0) return null
  return (
    <Section title={t('reviews.holders')} hint={t('reviews.holders.hint')}>
      <RecordTable
        label={t('reviews.holders')}
        rows={holders}
        id={(row) => row.id}
        columns={[
          { title: t('verifications.customer'), cell: (row) => row.customer || t('verifications.customer.none') },
          { title: t('policies.group'), cell: (row) => groups.title(row.group, row.subgroup) },
          { title: t('column.state'), cell: (row) => <StateBadge state={row.state} /> },
          { title: t('verifications.until'), cell: (row) => time(row.valid_until) },
        ]}
      />
    </Section>
  )
}
