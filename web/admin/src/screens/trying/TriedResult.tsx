import { Alert, Stack, Text } from '@mantine/core'
import type { Trial, Tried } from '../../api/types'
import { Facts } from '../../parts/Facts'
import { Icon } from '../../parts/Icon'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { Findings } from '../trace/Findings'
import { reasonText } from '../trace/words'

/** TriedResult tells what an offer would do: whether it applies or why not, what it takes off which line, and every condition. */
export function TriedResult({ tried, cart }: { tried: Tried; cart: Trial['cart'] }) {
  const { t } = useLanguage()
  const { money, number } = useFormat()
  const amount = (minor: number) => money(minor, cart.currency)
  const lineName = (id: string) => cart.lines.find((line) => line.line_id === id)?.sku ?? id
  return (
    <Stack gap="sm">
      <Alert color={tried.applies ? 'green' : 'yellow'} icon={<Icon name={tried.applies ? 'check' : 'warn'} />} title={t(tried.applies ? 'try.applies' : 'try.applies.not')}>
        {tried.applies ? t('try.takes', { amount: amount(tried.amount) }) : tried.reason && reasonText(tried.reason, t)}
      </Alert>
      <Facts
        rows={[
          ...tried.allocations.map((a) => [a.target === 'shipping' ? t('redemptions.shipping') : t('try.line.share', { line: lineName(a.line_id ?? '') }), amount(-a.amount)] as const),
          ...tried.gifts.map((g) => [t('try.gift', { sku: g.sku }), t(g.missing ? 'try.gift.missing' : 'try.gift.units', { quantity: number(g.quantity), missing: number(g.missing) })] as const),
          [t('redemptions.subtotal'), amount(tried.totals.subtotal)],
          [t('redemptions.discount'), amount(-tried.totals.discount)],
          [t('redemptions.total'), <b key="total">{amount(tried.totals.total)}</b>],
          [t('try.earns'), number(tried.points)],
        ]}
      />
      <Text component="h3" m={0} fw={600} fz="sm">
        {t('trace.title')}
      </Text>
      <Findings findings={tried.trace} currency={cart.currency} />
    </Stack>
  )
}
