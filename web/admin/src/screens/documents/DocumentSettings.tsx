import { useRecord } from '../../api/hooks'
import { documents, stores } from '../../api/resources'
import { Loaded } from '../../parts/Loaded'
import { Page } from '../../parts/Page'
import { useStore } from '../../shell/store'
import { useLanguage } from '../../text/language'
import { SettingsForm } from './SettingsForm'

/** DocumentSettings says what the step with documents asks for. */
export function DocumentSettings() {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const settings = useRecord([store, 'document-settings'], () => documents.read(store))
  const locales = useRecord([store, 'settings'], () => stores.read(store)).data?.locales
  return (
    <Page title={t('docs.title')} lead={t('docs.lead')}>
      <Loaded query={settings}>{(data) => <SettingsForm key={data.version} settings={data} locales={locales?.length ? locales : ['en']} reload={() => void settings.refetch()} />}</Loaded>
    </Page>
  )
}
