import { Stack } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useRecord } from '../../api/hooks'
import { offers, redemptions } from '../../api/resources'
import type { RedemptionDetail } from '../../api/types'
import { BackLink } from '../../parts/BackLink'
import { Facts } from '../../parts/Facts'
import { Loaded } from '../../parts/Loaded'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { Section } from '../../parts/Section'
import { StateBadge } from '../../parts/StateBadge'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { TraceSection } from '../trace/TraceSection'
import { AppliedList } from './AppliedList'
import { LinesTable } from './LinesTable'
import { RefundList } from './RefundList'

/** RedemptionScreen shows one order: its lines, the offers and their shares, why each applied, and what was refunded. */
export function RedemptionScreen() {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { id } = useParams({ from: '/frame/s/$store/redemptions/$id' })
  const found = useRecord([store, 'redemptions', id], () => redemptions.read(store, id))
  return (
    <Page
      title={found.data ? t('redemptions.one', { order: found.data.order_id }) : t('redemptions.title')}
      lead={id}
      actions={found.data && <StateBadge state={found.data.state} />}
      back={
        <BackLink>
          <TextLink to="/s/$store/redemptions" params={{ store }}>
            {t('redemptions.title')}
          </TextLink>
        </BackLink>
      }
    >
      <Loaded query={found}>{(data) => <Detail found={data} />}</Loaded>
    </Page>
  )
}

function Detail({ found }: { found: RedemptionDetail }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { money, number, time } = useFormat()
  const known = useRecord([store, 'offers', 'all'], () => offers.list(store, { limit: 100 }))
  const name = (offer: string) => known.data?.data.find((o) => o.id === offer)?.name ?? offer
  const amount = (minor: number) => money(minor, found.currency)
  return (
    <Stack>
      <Section title={t('redemptions.applied')}>
        <AppliedList redemption={found} offerName={name} />
      </Section>
      <Section title={t('redemptions.lines')}>
        <LinesTable redemption={found} offerName={name} />
      </Section>
      <Section title={t('redemptions.total')}>
        <Facts
          rows={[
            [t('redemptions.subtotal'), amount(found.totals.subtotal)],
            [t('redemptions.shipping'), amount(found.totals.shipping)],
            [t('redemptions.discount'), amount(-found.totals.discount)],
            [t('redemptions.total'), <b key="total">{amount(found.totals.total)}</b>],
            [t('redemptions.points'), number(found.points)],
            [
              t('redemptions.customer'),
              found.customer && (
                <TextLink to="/s/$store/members/$customer" params={{ store, customer: found.customer }}>
                  {found.customer}
                </TextLink>
              ),
            ],
            [t('redemptions.reference'), found.order_ref],
            [t('column.created'), time(found.created_at)],
          ]}
        />
      </Section>
      <TraceSection traces={found.trace} currency={found.currency} offerName={name} />
      <Section title={t('redemptions.refunds')}>
        <RefundList refunds={found.refunds} currency={found.currency} />
      </Section>
    </Stack>
  )
}
