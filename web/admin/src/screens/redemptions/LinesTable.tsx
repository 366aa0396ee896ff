import { Text } from '@mantine/core'
import type { RedemptionDetail } from '../../api/types'
import { type Column, RecordTable } from '../../parts/RecordTable'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'

interface Row {
  id: string
  sku: string
  quantity: string
  unit: string
  amount: number
  share: (offer: number) => number
}

/** LinesTable shows the lines of an order and what each offer took off them. The shares of an offer sum up to it. */
export function LinesTable({ redemption, offerName }: { redemption: RedemptionDetail; offerName: (offer: string) => string }) {
  const { t } = useLanguage()
  const { money, number } = useFormat()
  const amount = (minor: number) => money(minor, redemption.currency)
  const shares = (match: (a: { line_id?: string; target?: string }) => boolean) => (offer: number) =>
    (redemption.applied[offer]?.allocations ?? []).filter(match).reduce((sum, a) => sum + a.amount, 0)
  const rows: Row[] = redemption.lines.map((line) => ({
    id: line.line_id,
    sku: line.sku,
    quantity: number(line.quantity),
    unit: amount(line.unit_amount),
    amount: line.quantity * line.unit_amount,
    share: shares((a) => a.line_id === line.line_id),
  }))
  if (redemption.totals.shipping > 0) {
    rows.push({
      id: t('redemptions.shipping'),
      sku: '',
      quantity: '',
      unit: '',
      amount: redemption.totals.shipping,
      share: shares((a) => a.target === 'shipping'),
    })
  }
  const columns: Column<Row>[] = [
    {
      title: t('redemptions.line'),
      cell: (row) => (
        <>
          {row.sku || row.id}
          {row.sku && (
            <Text fz="xs" c="dimmed" fw={400}>
              {row.id}
            </Text>
          )}
        </>
      ),
    },
    { title: t('redemptions.quantity'), number: true, cell: (row) => row.quantity },
    { title: t('redemptions.unit'), number: true, cell: (row) => row.unit },
    { title: t('redemptions.amount'), number: true, cell: (row) => amount(row.amount) },
    ...redemption.applied.map(
      (applied, i): Column<Row> => ({ title: offerName(applied.offer_id), number: true, cell: (row) => (row.share(i) ? amount(-row.share(i)) : '–') }),
    ),
  ]
  return <RecordTable label={t('redemptions.lines')} rows={rows} id={(row) => row.id} columns={columns} />
}
