import { ActionIcon, Button, Fieldset, Group, NativeSelect, SimpleGrid, Text, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { Icon } from '../../parts/Icon'
import { useLanguage } from '../../text/language'
import { type OfferDraft, type Span, newPeriod } from './draft'

const counted = ['total', 'person', 'customer'] as const
const spans: readonly Span[] = ['day', 'week', 'month', 'quarter', 'year', 'days']

/** PeriodFields edits how often an offer can be used in a stretch of time. */
export function PeriodFields({ form }: { form: UseFormReturnType<OfferDraft> }) {
  const { t } = useLanguage()
  const { periods } = form.values.limits
  return (
    <>
      {periods.map((period, i) => (
        // A limit has no name of its own: its place is its name.
        <Fieldset key={i} legend={t('offers.period.number', { number: i + 1 })}>
          <SimpleGrid cols={{ base: 1, xs: 3 }}>
            <TextInput label={t('offers.period.uses')} inputMode="numeric" required {...form.getInputProps(`limits.periods.${i}.uses`)} />
            <NativeSelect label={t('offers.period.by')} data={counted.map((value) => ({ value, label: t(`offers.period.by.${value}`) }))} {...form.getInputProps(`limits.periods.${i}.by`)} />
            <NativeSelect
              label={t('offers.period.span')}
              data={spans.map((value) => ({ value, label: t(`offers.period.${value}`) }))}
              {...form.getInputProps(`limits.periods.${i}.span`)}
              error={form.errors[`limits.periods.${i}.calendar`]}
            />
            {period.span === 'days' && <TextInput label={t('offers.period.length')} inputMode="numeric" required {...form.getInputProps(`limits.periods.${i}.days`)} />}
          </SimpleGrid>
          <Group justify="space-between" mt="xs">
            <Text fz="sm" c="red.8" role="alert">
              {form.errors[`limits.periods.${i}`]}
            </Text>
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('offers.period.remove', { number: i + 1 })} onClick={() => form.removeListItem('limits.periods', i)}>
              <Icon name="trash" size={16} />
            </ActionIcon>
          </Group>
        </Fieldset>
      ))}
      {periods.length < 10 && (
        <div>
          <Button size="sm" variant="light" leftSection={<Icon name="plus" size={14} />} onClick={() => form.insertListItem('limits.periods', { ...newPeriod })}>
            {t('offers.period.add')}
          </Button>
        </div>
      )}
    </>
  )
}
