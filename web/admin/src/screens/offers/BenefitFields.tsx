import { Autocomplete, NativeSelect, SimpleGrid, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { BenefitType } from '../../api/types'
import { MoneyInput } from '../../parts/MoneyInput'
import { PercentInput } from '../../parts/PercentInput'
import { useLanguage } from '../../text/language'
import { currencies } from '../stores/choices'
import { benefitTypes, parts } from './benefit'
import type { OfferDraft } from './draft'
import { TargetFields } from './TargetFields'

/** BenefitFields edits what an offer gives: the kind, and only the fields that the kind has. */
export function BenefitFields({ form }: { form: UseFormReturnType<OfferDraft> }) {
  const { t } = useLanguage()
  const { type, currency } = form.values.benefit
  const has = parts[type]
  const choose = (next: BenefitType) => {
    const { targets, measure } = parts[next]
    form.setFieldValue('benefit.type', next)
    if (measure !== has.measure) form.setFieldValue('benefit.basis_points', '')
    if (!targets.includes(form.values.benefit.target)) form.setFieldValue('benefit.target', targets[0] ?? 'order')
  }
  return (
    <>
      <NativeSelect
        label={t('offers.benefit.type')}
        description={t(`offers.${type}.what`)}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data={benefitTypes.map((value) => ({ value, label: t(`offers.${value}`) }))}
        value={type}
        error={form.errors['benefit.type']}
        onChange={(event) => choose(benefitTypes.find((known) => known === event.currentTarget.value) ?? 'percentage')}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {has.measure === 'percent' && <PercentInput label={t('offers.percent')} required {...form.getInputProps('benefit.basis_points')} />}
        {has.measure === 'factor' && (
          <TextInput label={t('offers.factor')} inputMode="decimal" leftSection="×" required {...form.getInputProps('benefit.basis_points')} />
        )}
        {has.measure === 'points' && <TextInput label={t('offers.points')} inputMode="numeric" required {...form.getInputProps('benefit.points')} />}
        {has.measure === 'gift' && (
          <>
            <TextInput label={t('offers.gift.sku')} required {...form.getInputProps('benefit.gift.sku')} />
            <TextInput label={t('offers.gift.quantity')} inputMode="numeric" required {...form.getInputProps('benefit.gift.quantity')} />
          </>
        )}
        {has.measure === 'amount' && (
          <>
            <MoneyInput label={t(type === 'fixed_price' ? 'offers.price' : 'offers.amount')} currency={currency} required {...form.getInputProps('benefit.amount')} />
            <Autocomplete label={t('offers.currency')} data={currencies()} limit={20} required {...form.getInputProps('benefit.currency')} />
          </>
        )}
        {has.maximum && (
          <MoneyInput label={t('offers.maximum')} placeholder={t('offers.maximum.hint')} currency={currency} {...form.getInputProps('benefit.maximum')} />
        )}
        <MoneyInput label={t('offers.minimum')} currency={currency} {...form.getInputProps('minimum_order')} />
      </SimpleGrid>
      <TargetFields form={form} />
    </>
  )
}
