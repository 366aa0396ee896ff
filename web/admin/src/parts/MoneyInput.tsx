import { TextInput, type TextInputProps } from '@mantine/core'

/** MoneyInput takes an amount in major units as text, with its currency beside it. What is typed is parsed on saving. */
export function MoneyInput({ currency, ...props }: TextInputProps & { currency: string }) {
  return <TextInput inputMode="decimal" rightSection={<span aria-hidden="true">{currency}</span>} rightSectionWidth={56} {...props} />
}
