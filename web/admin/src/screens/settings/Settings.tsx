import { useQueryClient } from '@tanstack/react-query'
import { useRecord } from '../../api/hooks'
import { stores } from '../../api/resources'
import { Loaded } from '../../parts/Loaded'
import { Page } from '../../parts/Page'
import { useStore } from '../../shell/store'
import { useLanguage } from '../../text/language'
import { ShopifySection } from '../shopify/ShopifySection'
import { SettingsForm } from './SettingsForm'

/** Settings edits the store itself. */
export function Settings() {
  const { t } = useLanguage()
  const { id, may } = useStore()
  const client = useQueryClient()
  const store = useRecord([id, 'store'], () => stores.read(id))
  return (
    <Page title={t('nav.settings')} lead={may('settings') ? t('settings.lead') : t('settings.readOnly')}>
      <Loaded query={store}>
        {(data) => <SettingsForm key={data.version} store={data} reload={() => void client.refetchQueries({ queryKey: [id, 'store'] })} />}
      </Loaded>
      <ShopifySection />
    </Page>
  )
}
