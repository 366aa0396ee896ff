import { Code } from '@mantine/core'
import { useListing } from '../../api/hooks'
import { providers } from '../../api/resources'
import { EmptyState } from '../../parts/EmptyState'
import { Icon } from '../../parts/Icon'
import { Listed } from '../../parts/Listed'
import { ButtonLink, TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { RecordTable } from '../../parts/RecordTable'
import { useStore } from '../../shell/store'
import { useLanguage } from '../../text/language'

/** Providers lists the sign-in providers that a store accepts. */
export function Providers() {
  const { t } = useLanguage()
  const { id, may } = useStore()
  const list = useListing([id, 'providers'], (query) => providers.list(id, query))
  const create = may('providers') && (
    <ButtonLink to="/s/$store/providers/new" params={{ store: id }} leftSection={<Icon name="plus" size={16} />}>
      {t('providers.new')}
    </ButtonLink>
  )
  return (
    <Page title={t('providers.title')} lead={t('providers.lead')} actions={create}>
      <Listed list={list} empty={<EmptyState icon="door" title={t('providers.empty')} next={t('providers.empty.next')} action={create} />}>
        {(rows) => (
          <RecordTable
            label={t('providers.title')}
            rows={rows}
            id={(provider) => provider.id}
            columns={[
              {
                title: t('providers.name'),
                cell: (provider) => (
                  <TextLink to="/s/$store/providers/$id" params={{ store: id, id: provider.id }}>
                    {provider.name}
                  </TextLink>
                ),
              },
              { title: t('providers.id'), cell: (provider) => <Code>oidc:{provider.id}</Code> },
              { title: t('providers.issuer'), cell: (provider) => provider.issuer },
              { title: t('providers.rules'), number: true, cell: (provider) => provider.rules.length },
            ]}
          />
        )}
      </Listed>
    </Page>
  )
}
