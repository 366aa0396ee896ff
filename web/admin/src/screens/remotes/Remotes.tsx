import { Code } from '@mantine/core'
import { useListing } from '../../api/hooks'
import { remotes } from '../../api/resources'
import { EmptyState } from '../../parts/EmptyState'
import { Icon } from '../../parts/Icon'
import { Listed } from '../../parts/Listed'
import { ButtonLink, TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { RecordTable } from '../../parts/RecordTable'
import { useStore } from '../../shell/store'
import { useLanguage } from '../../text/language'

/** Remotes lists the store's own verifiers. */
export function Remotes() {
  const { t } = useLanguage()
  const { id, may } = useStore()
  const list = useListing([id, 'remotes'], (query) => remotes.list(id, query))
  const create = may('remotes') && (
    <ButtonLink to="/s/$store/remote-verifiers/new" params={{ store: id }} leftSection={<Icon name="plus" size={16} />}>
      {t('remotes.new')}
    </ButtonLink>
  )
  return (
    <Page title={t('remotes.title')} lead={t('remotes.lead')} actions={create}>
      <Listed list={list} empty={<EmptyState icon="hook" title={t('remotes.empty')} next={t('remotes.empty.next')} action={create} />}>
        {(rows) => (
          <RecordTable
            label={t('remotes.title')}
            rows={rows}
            id={(row) => row.id}
            columns={[
              {
                title: t('remotes.name'),
                cell: (row) => (
                  <TextLink to="/s/$store/remote-verifiers/$id" params={{ store: id, id: row.id }}>
                    {row.name}
                  </TextLink>
                ),
              },
              { title: t('packs.requirement'), cell: (row) => <Code>remote:{row.id}</Code> },
              { title: t('remotes.url'), cell: (row) => row.url },
            ]}
          />
        )}
      </Listed>
    </Page>
  )
}
