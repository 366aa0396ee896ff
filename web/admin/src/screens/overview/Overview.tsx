import { SegmentedControl, SimpleGrid, Stack, Text } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Suspense, lazy } from 'react'
import { useRecord } from '../../api/hooks'
import { stores } from '../../api/resources'
import type { Overview as Figures } from '../../api/types'
import { Loaded } from '../../parts/Loaded'
import { Loading } from '../../parts/Loading'
import { Page } from '../../parts/Page'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { Bars } from './Bars'
import { Checklist } from './Checklist'
import { Figure } from './Figure'

const DayChart = lazy(async () => ({ default: (await import('./DayChart')).DayChart }))
const spans = ['7', '30', '90'] as const

/** Overview is a store's start page: what is left to do before going live, and the figures. */
export function Overview() {
  const { t } = useLanguage()
  const store = useStore()
  const navigate = useNavigate()
  const { days = '30' } = useSearch({ from: '/frame/s/$store/' })
  const span = spans.find((s) => s === days) ?? '30'
  const figures = useRecord([store.id, 'overview', span], () => stores.overview(store.id, Number(span)))
  return (
    <Page
      title={t('overview.title')}
      lead={store.name}
      actions={
        <SegmentedControl
          aria-label={t('overview.window')}
          value={span}
          onChange={(value) => void navigate({ to: '.', search: { days: value }, replace: true })}
          data={spans.map((value) => ({ value, label: t('overview.days', { days: value }) }))}
        />
      }
    >
      <Checklist />
      <Loaded query={figures}>{(data) => <Board figures={data} />}</Loaded>
    </Page>
  )
}

function Board({ figures }: { figures: Figures }) {
  const { t } = useLanguage()
  const format = useFormat()
  const { number, money } = format
  const refused = figures.refused.reduce((sum, r) => sum + r.count, 0)
  return (
    <Stack>
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing={{ base: 'xs', sm: 'md' }}>
        <Figure name={t('overview.verified')} value={number(figures.verified)} />
        <Figure
          name={t('overview.redeemed')}
          value={number(figures.redeemed)}
          more={t('overview.redeemed.more', { issued: number(figures.issued), refunded: number(figures.refunded) })}
        />
        <Figure
          name={t('overview.discount')}
          value={money(figures.discount.amount, figures.discount.currency)}
          more={t('overview.revenue', { amount: money(figures.revenue.amount, figures.revenue.currency) })}
        />
        <Figure name={t('overview.liability')} value={number(figures.points_liability)} more={t('overview.liability.more', { members: number(figures.members) })} />
      </SimpleGrid>
      <Section title={t('overview.chart')}>
        {figures.series.some((day) => day.verified || day.redeemed) ? (
          <Suspense fallback={<Loading rows={6} />}>
            <DayChart series={figures.series} />
          </Suspense>
        ) : (
          <Text c="dimmed">{t('overview.chart.none')}</Text>
        )}
      </Section>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Bars title={t('overview.groups')} none={t('overview.groups.none')} rows={figures.verified_by_group.map((g) => ({ name: g.group, count: g.count }))} />
        <Bars title={`${t('overview.refused')}: ${number(refused)}`} none={t('overview.refused.none')} rows={figures.refused.map((r) => ({ name: r.reason, count: r.count }))} />
      </SimpleGrid>
    </Stack>
  )
}
