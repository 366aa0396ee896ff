import { Autocomplete, SegmentedControl, SimpleGrid, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { BenefitType } from '../../api/types'
import { MoneyInput } from '../../parts/MoneyInput'
import { PercentInput } from '../../parts/PercentInput'
import { useLanguage } from '../../text/language'
import { currencies } from '../stores/choices'
import type { OfferDraft } from './draft'

const types: readonly BenefitType[] = ['percentage', 'fixed_amount', 'free_shipping']

/** BenefitFields edits what an offer gives. */
export function BenefitFields({ form }: { form: UseFormReturnType<OfferDraft> }) {
  const { t } = useLanguage()
  const { type, currency } = form.values.benefit
  return (
    <>
      <SegmentedControl
        aria-label={t('offers.benefit')}
        fullWidth
        data={types.map((value) => ({ value, label: t(`offers.${value}`) }))}
        value={type}
        onChange={(value) => form.setFieldValue('benefit.type', types.find((known) => known === value) ?? 'percentage')}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {type === 'percentage' && <PercentInput label={t('offers.percent')} required {...form.getInputProps('benefit.basis_points')} />}
        {type === 'fixed_amount' && (
          <>
            <MoneyInput label={t('offers.amount')} currency={currency} required {...form.getInputProps('benefit.amount')} />
            <Autocomplete label={t('offers.currency')} data={currencies()} limit={20} required {...form.getInputProps('benefit.currency')} />
          </>
        )}
        {type !== 'fixed_amount' && (
          <MoneyInput label={t('offers.maximum')} placeholder={t('offers.maximum.hint')} currency={currency} {...form.getInputProps('benefit.maximum')} />
        )}
        <MoneyInput label={t('offers.minimum')} currency={currency} {...form.getInputProps('minimum_order')} />
      </SimpleGrid>
      {type !== 'free_shipping' && (
        <TextInput label={t('offers.categories')} description={t('offers.categories.hint')} {...form.getInputProps('benefit.categories')} />
      )}
    </>
  )
}
