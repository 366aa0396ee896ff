import { Box, Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useChange, useRecord } from '../../api/hooks'
import { isProblem } from '../../api/problem'
import { shopify } from '../../api/resources'
import type { Shopify } from '../../api/types'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { CopyField } from '../../parts/CopyField'
import { Facts } from '../../parts/Facts'
import { Loaded } from '../../parts/Loaded'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { ConnectShopify } from './ConnectShopify'

/** ShopifySection shows the store's Shopify shop, and connects or disconnects it. Secrets go in and never come out. */
export function ShopifySection() {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const found = useRecord([store, 'shopify'], () => connection(store))
  return (
    <Box maw={720}>
      <Section title={t('shopify.title')} hint={t('shopify.hint')}>
        <Loaded query={found}>{(shop) => <Connection key={shop?.updated_at ?? ''} shop={shop} />}</Loaded>
      </Section>
    </Box>
  )
}

/** connection reads the store's shop; null without one. */
async function connection(store: string): Promise<Shopify | null> {
  try {
    return await shopify.read(store)
  } catch (error) {
    if (isProblem(error, 'not_found')) return null
    throw error
  }
}

function Connection({ shop }: { shop: Shopify | null }) {
  const { t } = useLanguage()
  const { may } = useStore()
  const { time } = useFormat()
  const [editing, { open, close }] = useDisclosure(false)
  return (
    <>
      {shop ? (
        <>
          <Facts
            rows={[
              [t('shopify.shop'), shop.shop],
              [t('shopify.version'), shop.api_version],
              [t('shopify.currency'), shop.currency],
              [t('shopify.since'), time(shop.created_at)],
            ]}
          />
          <Text fz="sm" c="dimmed">
            {t('shopify.webhooks')}
          </Text>
          <CopyField label={t('shopify.webhooks')} value={location.origin + shop.webhook_path} />
        </>
      ) : (
        <Text fz="sm" c="dimmed">
          {t('shopify.none')}
        </Text>
      )}
      {may('settings') && editing && <ConnectShopify shop={shop} onClose={close} />}
      {may('settings') && !editing && (
        <Group justify="flex-end" gap="xs">
          {shop && <Disconnect shop={shop} />}
          <Button variant={shop ? 'default' : 'filled'} onClick={open}>
            {t(shop ? 'shopify.replace' : 'shopify.connect')}
          </Button>
        </Group>
      )}
    </>
  )
}

function Disconnect({ shop }: { shop: Shopify }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const end = useChange(() => shopify.disconnect(store), [store, 'shopify'], [store, 'audit'])
  return (
    <ConfirmButton
      question={t('shopify.disconnect.title', { shop: shop.shop })}
      consequence={t('shopify.disconnect.consequence')}
      confirm={t('shopify.disconnect')}
      act={async () => {
        await end.mutateAsync(undefined)
        done(t('shopify.disconnected'))
      }}
      error={end.error}
      pending={end.isPending}
    >
      {t('shopify.disconnect')}
    </ConfirmButton>
  )
}
