import { useParams } from '@tanstack/react-router'
import { useRecord } from '../../api/hooks'
import { webhooks } from '../../api/resources'
import { BackLink } from '../../parts/BackLink'
import { Loaded } from '../../parts/Loaded'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { useStore } from '../../shell/store'
import { useLanguage } from '../../text/language'
import { Deliveries } from './Deliveries'
import { EditWebhook } from './EditWebhook'

/** WebhookScreen shows one endpoint and what was delivered to it. */
export function WebhookScreen() {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { id } = useParams({ from: '/frame/s/$store/webhooks/$id' })
  const hook = useRecord([store, 'webhooks', id], () => webhooks.read(store, id))
  return (
    <Page
      title={hook.data?.description || hook.data?.url || t('webhooks.title')}
      back={
        <BackLink>
          <TextLink to="/s/$store/webhooks" params={{ store }}>
            {t('webhooks.title')}
          </TextLink>
        </BackLink>
      }
    >
      <Loaded query={hook}>
        {(data) => (
          <>
            <EditWebhook key={data.version} hook={data} reload={() => void hook.refetch()} />
            <Deliveries hook={data} />
          </>
        )}
      </Loaded>
    </Page>
  )
}
