import { Code } from '@mantine/core'
import { useListing } from '../../api/hooks'
import { domainLists } from '../../api/resources'
import { EmptyState } from '../../parts/EmptyState'
import { Icon } from '../../parts/Icon'
import { Listed } from '../../parts/Listed'
import { ButtonLink, TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { RecordTable } from '../../parts/RecordTable'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'

/** DomainLists lists a store's own lists of mail domains. */
export function DomainLists() {
  const { t } = useLanguage()
  const { id, may } = useStore()
  const { number } = useFormat()
  const list = useListing([id, 'domain-lists'], (query) => domainLists.list(id, query))
  const create = may('domainLists') && (
    <ButtonLink to="/s/$store/domain-lists/new" params={{ store: id }} leftSection={<Icon name="plus" size={16} />}>
      {t('domains.new')}
    </ButtonLink>
  )
  return (
    <Page title={t('domains.title')} lead={t('domains.lead')} actions={create}>
      <Listed list={list} empty={<EmptyState icon="list" title={t('domains.empty')} next={t('domains.empty.next')} action={create} />}>
        {(rows) => (
          <RecordTable
            label={t('domains.title')}
            rows={rows}
            id={(row) => row.id}
            columns={[
              {
                title: t('domains.name'),
                cell: (row) => (
                  <TextLink to="/s/$store/domain-lists/$id" params={{ store: id, id: row.id }}>
                    {row.name}
                  </TextLink>
                ),
              },
              { title: t('domains.purpose'), cell: (row) => t(`domains.${row.purpose}`) },
              { title: t('domains.requirement'), cell: (row) => (row.purpose === 'eligible' ? <Code>email:{row.id}</Code> : '–') },
              { title: t('domains.domains'), number: true, cell: (row) => number(row.count) },
            ]}
          />
        )}
      </Listed>
    </Page>
  )
}
