import { Autocomplete, SimpleGrid, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useLanguage } from '../../text/language'
import { timezones } from '../stores/choices'
import { CampaignFields } from './CampaignFields'
import type { OfferDraft, Place } from './draft'

/** WhenFields edits when an offer is live: from, until, in which time zone, and on which days of each year. */
export function WhenFields({ form, place }: { form: UseFormReturnType<OfferDraft>; place: Place }) {
  const { t } = useLanguage()
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label={t('offers.starts')} type="datetime-local" {...form.getInputProps('starts_at')} />
        <TextInput label={t('offers.ends')} type="datetime-local" {...form.getInputProps('ends_at')} />
        <Autocomplete
          label={t('offers.zone')}
          description={t('offers.zone.hint', { zone: place.timezone })}
          placeholder={place.timezone}
          data={timezones()}
          limit={20}
          {...form.getInputProps('time_zone')}
        />
      </SimpleGrid>
      <CampaignFields form={form} />
    </>
  )
}
