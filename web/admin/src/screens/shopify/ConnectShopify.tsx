import { Button, PasswordInput, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useChange } from '../../api/hooks'
import { shopify } from '../../api/resources'
import type { Shopify, ShopifyInput } from '../../api/types'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'

/** ConnectShopify asks for a shop and its secrets. The gateway asks the shop before it keeps them. */
export function ConnectShopify({ shop, onClose }: { shop: Shopify | null; onClose: () => void }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const form = useForm({ initialValues: { shop: shop?.shop ?? '', api_version: shop?.api_version ?? '', access_token: '', webhook_secret: '' } })
  const connect = useChange((input: ShopifyInput) => shopify.connect(store, input), [store, 'shopify'], [store, 'audit'])
  const submit = form.onSubmit(({ api_version: version, ...values }) =>
    connect.mutate(
      { ...values, ...(version.trim() ? { api_version: version.trim() } : {}) },
      {
        onSuccess: () => {
          done(t('shopify.connected'))
          onClose()
        },
        onError: (error) => showOn(form, error),
      },
    ),
  )
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        <ProblemAlert error={connect.error} fields={taken('shop', 'api_version', 'access_token', 'webhook_secret')} />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput label={t('shopify.shop')} description={t('shopify.shop.hint')} required {...form.getInputProps('shop')} />
          <TextInput label={t('shopify.version')} description={t('shopify.version.hint')} placeholder="2026-07" {...form.getInputProps('api_version')} />
          <PasswordInput label={t('shopify.token')} description={t('shopify.secret.hint')} autoComplete="off" required {...form.getInputProps('access_token')} />
          <PasswordInput label={t('shopify.secret')} description={t('shopify.secret.hint')} autoComplete="off" required {...form.getInputProps('webhook_secret')} />
        </SimpleGrid>
        <SaveBar pending={connect.isPending} label={t('shopify.connect')}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
        </SaveBar>
      </Stack>
    </form>
  )
}
