import { Text } from '@mantine/core'
import type { Refund } from '../../api/types'
import { RecordTable } from '../../parts/RecordTable'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'

/** RefundList shows what was given back of an order. */
export function RefundList({ refunds, currency }: { refunds: readonly Refund[]; currency: string }) {
  const { t } = useLanguage()
  const { money, number, time } = useFormat()
  if (refunds.length === 0) {
    return (
      <Text fz="sm" c="dimmed">
        {t('redemptions.refunds.none')}
      </Text>
    )
  }
  return (
    <RecordTable
      label={t('redemptions.refunds')}
      rows={refunds}
      id={(refund) => refund.refund_id}
      columns={[
        { title: t('redemptions.refund'), cell: (refund) => refund.refund_ref },
        { title: t('redemptions.refund.discount'), number: true, cell: (refund) => money(refund.discount_reversed, currency) },
        { title: t('redemptions.refund.points'), number: true, cell: (refund) => number(refund.points_reversed) },
        { title: t('column.created'), cell: (refund) => time(refund.created_at) },
      ]}
    />
  )
}
