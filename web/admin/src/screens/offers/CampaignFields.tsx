import { NativeSelect, SimpleGrid, Text, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { campaignEvents, nextRun } from './campaign'
import type { OfferDraft } from './draft'

/** CampaignFields chooses the event around which an offer is live each year, and shows when that is next. */
export function CampaignFields({ form }: { form: UseFormReturnType<OfferDraft> }) {
  const { t } = useLanguage()
  const { calendarDay } = useFormat()
  const { event, days_before: before, days_after: after } = form.values.campaign
  const today = new Date()
  const days = (text: string) => Math.min(Math.max(Number.parseInt(text, 10) || 0, 0), 60)
  const said = (name: (typeof campaignEvents)[number], early = 0, late = 0) => {
    const { first, last } = nextRun(name, early, late, today)
    return first.getTime() === last.getTime() ? calendarDay(first) : t('offers.campaign.span', { first: calendarDay(first), last: calendarDay(last) })
  }
  return (
    <>
      <NativeSelect
        label={t('offers.campaign')}
        description={t('offers.campaign.hint')}
        data={[
          { value: '', label: t('offers.campaign.none') },
          ...campaignEvents.map((value) => ({ value, label: `${t(`event.${value}`)}: ${said(value)}` })),
        ]}
        value={event}
        error={form.errors['campaign.event']}
        onChange={(change) => form.setFieldValue('campaign.event', campaignEvents.find((known) => known === change.currentTarget.value) ?? '')}
      />
      {event && (
        <>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput label={t('offers.campaign.before')} inputMode="numeric" {...form.getInputProps('campaign.days_before')} />
            <TextInput label={t('offers.campaign.after')} inputMode="numeric" {...form.getInputProps('campaign.days_after')} />
          </SimpleGrid>
          <Text fz="sm" role="status">
            {t('offers.campaign.next', { days: said(event, days(before), days(after)) })}
          </Text>
        </>
      )}
    </>
  )
}
