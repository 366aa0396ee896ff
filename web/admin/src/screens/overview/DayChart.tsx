import '@mantine/charts/styles.css'
import { AreaChart } from '@mantine/charts'
import type { OverviewDay } from '../../api/types'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'

/** DayChart draws verifications and redemptions by day. It brings the chart library, so it is loaded when it is needed. */
export function DayChart({ series }: { series: OverviewDay[] }) {
  const { t } = useLanguage()
  const { day, number } = useFormat()
  return (
    <AreaChart
      h={260}
      data={series.map((d) => ({ ...d, day: day(d.day) }))}
      dataKey="day"
      series={[
        { name: 'verified', label: t('overview.verified'), color: 'laurel.6' },
        { name: 'redeemed', label: t('overview.redeemed'), color: 'blue.6' },
      ]}
      curveType="monotone"
      withLegend
      withDots={false}
      strokeWidth={2}
      fillOpacity={0.15}
      tickLine="none"
      gridAxis="x"
      valueFormatter={number}
      yAxisProps={{ width: 36, allowDecimals: false }}
      areaChartProps={{ accessibilityLayer: true, title: t('overview.chart') }}
    />
  )
}
