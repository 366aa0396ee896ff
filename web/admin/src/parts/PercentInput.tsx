import { TextInput, type TextInputProps } from '@mantine/core'

/** PercentInput takes a percentage as text, with up to two decimals. What is typed is parsed on saving. */
export function PercentInput(props: TextInputProps) {
  return <TextInput inputMode="decimal" rightSection={<span aria-hidden="true">%</span>} {...props} />
}
