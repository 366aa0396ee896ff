import { Code } from '@mantine/core'
import { useListing } from '../../api/hooks'
import { rosters } from '../../api/resources'
import { EmptyState } from '../../parts/EmptyState'
import { Icon } from '../../parts/Icon'
import { Listed } from '../../parts/Listed'
import { ButtonLink, TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { RecordTable } from '../../parts/RecordTable'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { useGroups } from '../groups/useGroups'

/** Rosters lists a store's lists of members. Who is on them cannot be read. */
export function Rosters() {
  const { t } = useLanguage()
  const { id, may } = useStore()
  const { number } = useFormat()
  const groups = useGroups()
  const list = useListing([id, 'rosters'], (query) => rosters.list(id, query))
  const create = may('rosters') && (
    <ButtonLink to="/s/$store/rosters/new" params={{ store: id }} leftSection={<Icon name="plus" size={16} />}>
      {t('rosters.new')}
    </ButtonLink>
  )
  return (
    <Page title={t('rosters.title')} lead={t('rosters.lead')} actions={create}>
      <Listed list={list} empty={<EmptyState icon="people" title={t('rosters.empty')} next={t('rosters.empty.next')} action={create} />}>
        {(rows) => (
          <RecordTable
            label={t('rosters.title')}
            rows={rows}
            id={(row) => row.id}
            columns={[
              {
                title: t('rosters.name'),
                cell: (row) => (
                  <TextLink to="/s/$store/rosters/$id" params={{ store: id, id: row.id }}>
                    {row.title}
                  </TextLink>
                ),
              },
              { title: t('packs.requirement'), cell: (row) => <Code>registry:{row.id}</Code> },
              { title: t('policies.group'), cell: (row) => groups.title(row.group, row.subgroup) },
              { title: t('rosters.version'), number: true, cell: (row) => number(row.version) },
              { title: t('rosters.entries'), number: true, cell: (row) => number(row.entries) },
            ]}
          />
        )}
      </Listed>
    </Page>
  )
}
