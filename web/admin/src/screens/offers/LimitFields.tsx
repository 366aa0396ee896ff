import { Autocomplete, Checkbox, SimpleGrid, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { MoneyInput } from '../../parts/MoneyInput'
import { useLanguage } from '../../text/language'
import { currencies } from '../stores/choices'
import { givesPoints } from './benefit'
import type { OfferDraft } from './draft'
import { PeriodFields } from './PeriodFields'

const counts = ['total', 'per_person', 'per_customer', 'per_order'] as const

/** LimitFields edits how often an offer can be used, and how much all discounts may come to. */
export function LimitFields({ form }: { form: UseFormReturnType<OfferDraft> }) {
  const { t } = useLanguage()
  const { amount, currency } = form.values.limits.budget
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {counts.map((name) => (
          <TextInput
            key={name}
            label={t(`offers.limits.${name}`)}
            inputMode="numeric"
            {...(name === 'per_order' ? { placeholder: '1' } : {})}
            {...form.getInputProps(`limits.${name}`)}
          />
        ))}
      </SimpleGrid>
      <PeriodFields form={form} />
      {!givesPoints(form.values.benefit.type) && (
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <MoneyInput
            label={t('offers.budget')}
            description={t('offers.budget.hint')}
            currency={currency}
            {...form.getInputProps('limits.budget.amount')}
            error={form.errors['limits.budget.amount'] ?? form.errors['limits.budget']}
          />
          {amount.trim() && (
            <>
              <Autocomplete label={t('offers.budget.currency')} description={t('offers.budget.currency.hint')} data={currencies()} limit={20} {...form.getInputProps('limits.budget.currency')} />
              <Checkbox label={t('offers.budget.restore')} {...form.getInputProps('limits.budget.restore', { type: 'checkbox' })} />
            </>
          )}
        </SimpleGrid>
      )}
    </>
  )
}
