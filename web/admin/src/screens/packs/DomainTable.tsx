import { Text } from '@mantine/core'
import { useState } from 'react'
import { useListing } from '../../api/hooks'
import { packs } from '../../api/resources'
import type { Pack } from '../../api/types'
import { FilterText } from '../../parts/FilterText'
import { Listed } from '../../parts/Listed'
import { RecordTable } from '../../parts/RecordTable'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { useLanguage } from '../../text/language'

/** DomainTable searches the domains of a pack's version in force. */
export function DomainTable({ pack }: { pack: Pack }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const [q, setQ] = useState('')
  const list = useListing([store, 'data-packs', 'domains', pack.id, pack.in_force], (query) => packs.domains(store, pack.id, { limit: 10, ...query }), { q })
  return (
    <Section title={t('packs.domains')}>
      <FilterText label={t('packs.search')} value={q} onChange={setQ} />
      <Listed
        list={list}
        empty={
          <Text c="dimmed" fz="sm">
            {t('packs.domains.none')}
          </Text>
        }
      >
        {(rows) => (
          <RecordTable
            label={t('packs.domains')}
            rows={rows}
            id={(row) => `${row.purpose} ${row.domain}`}
            columns={[
              { title: t('packs.domains'), cell: (row) => row.domain },
              { title: t('packs.organisation'), cell: (row) => row.organisation },
              { title: t('packs.purpose'), cell: (row) => t(`packs.purpose.${row.purpose}`) },
            ]}
          />
        )}
      </Listed>
    </Section>
  )
}
