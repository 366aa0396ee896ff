import { ActionIcon, Autocomplete, Button, Fieldset, Group, NativeSelect, SimpleGrid, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { Icon } from '../../parts/Icon'
import { MoneyInput } from '../../parts/MoneyInput'
import { useLanguage } from '../../text/language'
import { currencies } from '../stores/choices'
import { type TrialDraft, newLine } from './trial'

const taxes = ['exclusive', 'inclusive'] as const

/** CartFields edits a sample cart: its lines, shipping and currency. */
export function CartFields({ form }: { form: UseFormReturnType<TrialDraft> }) {
  const { t } = useLanguage()
  const { currency, lines } = form.values.cart
  return (
    <>
      {lines.map((_, i) => (
        // A line has no name yet: its place is its name.
        <Fieldset key={i} legend={t('try.line', { number: i + 1 })}>
          <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
            <TextInput label={t('try.sku')} {...form.getInputProps(`cart.lines.${i}.sku`)} />
            <TextInput label={t('redemptions.quantity')} inputMode="numeric" {...form.getInputProps(`cart.lines.${i}.quantity`)} />
            <MoneyInput label={t('redemptions.unit')} currency={currency} {...form.getInputProps(`cart.lines.${i}.unit_amount`)} />
            <TextInput label={t('try.categories')} {...form.getInputProps(`cart.lines.${i}.categories`)} />
          </SimpleGrid>
          {lines.length > 1 && (
            <Group justify="flex-end" mt={4}>
              <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('try.line.remove', { number: i + 1 })} onClick={() => form.removeListItem('cart.lines', i)}>
                <Icon name="trash" size={16} />
              </ActionIcon>
            </Group>
          )}
        </Fieldset>
      ))}
      <div>
        <Button size="sm" variant="light" leftSection={<Icon name="plus" size={14} />} onClick={() => form.insertListItem('cart.lines', { ...newLine })}>
          {t('try.line.add')}
        </Button>
      </div>
      <SimpleGrid cols={{ base: 1, xs: 3 }}>
        <Autocomplete label={t('offers.currency')} data={currencies()} limit={20} {...form.getInputProps('cart.currency')} />
        <MoneyInput label={t('redemptions.shipping')} currency={currency} {...form.getInputProps('cart.shipping_amount')} />
        <NativeSelect label={t('try.tax')} data={taxes.map((value) => ({ value, label: t(`try.tax.${value}`) }))} {...form.getInputProps('cart.tax_mode')} />
      </SimpleGrid>
    </>
  )
}
