import { Badge, Code } from '@mantine/core'
import { useListing } from '../../api/hooks'
import { packs } from '../../api/resources'
import type { Pack } from '../../api/types'
import { EmptyState } from '../../parts/EmptyState'
import { Icon } from '../../parts/Icon'
import { Listed } from '../../parts/Listed'
import { ButtonLink, TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { RecordTable } from '../../parts/RecordTable'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'

/** Packs lists the data packs that a store can use: its own, and the gateway's. */
export function Packs() {
  const { t } = useLanguage()
  const { id, may } = useStore()
  const { number } = useFormat()
  const list = useListing([id, 'data-packs'], (query) => packs.list(id, query))
  const create = may('packs') && (
    <ButtonLink to="/s/$store/data-packs/new" params={{ store: id }} leftSection={<Icon name="plus" size={16} />}>
      {t('packs.new')}
    </ButtonLink>
  )
  return (
    <Page title={t('packs.title')} lead={t('packs.lead')} actions={create}>
      <Listed list={list} empty={<EmptyState icon="list" title={t('packs.empty')} next={t('packs.empty.next')} action={create} />}>
        {(rows) => (
          <RecordTable
            label={t('packs.title')}
            rows={rows}
            id={(row) => `${row.scope} ${row.id}`}
            columns={[
              {
                title: t('packs.name'),
                cell: (row) => (
                  <TextLink to="/s/$store/data-packs/$id" params={{ store: id, id: row.id }}>
                    {row.name}
                  </TextLink>
                ),
              },
              { title: t('packs.scope'), cell: (row) => t(`packs.scope.${row.scope}`) },
              { title: t('packs.purpose'), cell: (row) => t(`packs.purpose.${row.purpose}`) },
              { title: t('packs.requirement'), cell: (row) => (row.purpose === 'eligible' || row.purpose === 'mixed' ? <Code>email:{row.id}</Code> : '–') },
              { title: t('packs.version'), cell: (row) => <InForce pack={row} /> },
              { title: t('packs.domains'), number: true, cell: (row) => number(row.count) },
            ]}
          />
        )}
      </Listed>
    </Page>
  )
}

/** InForce says which version of a pack counts, and whether a newer one waits. */
export function InForce({ pack }: { pack: Pack }) {
  const { t } = useLanguage()
  if (!pack.pinned) return t('packs.version.of', { version: pack.in_force })
  if (pack.in_force === pack.version) return t('packs.pinned.at', { version: pack.in_force })
  return <Badge color="yellow">{t('packs.pinned', { version: pack.in_force, newest: pack.version })}</Badge>
}
