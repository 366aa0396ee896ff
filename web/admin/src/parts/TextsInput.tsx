import { Stack, TextInput, Textarea } from '@mantine/core'
import type { Texts } from '../api/types'
import { useLanguage } from '../text/language'

interface TextsInputProps {
  label: string
  description?: string
  value: Texts
  onChange: (value: Texts) => void
  /** locales are the languages of the store. */
  locales: readonly string[]
  lines?: number
  error?: (locale: string) => string | undefined
}

/** TextsInput edits one text in each of the store's languages. An empty text is left out. */
export function TextsInput({ label, description, value, onChange, locales, lines = 1, error }: TextsInputProps) {
  const { language } = useLanguage()
  const names = new Intl.DisplayNames([language], { type: 'language' })
  const Input = lines > 1 ? Textarea : TextInput
  const set = (locale: string, text: string) => {
    const next = { ...value, [locale]: text }
    if (text === '') delete next[locale]
    onChange(next)
  }
  return (
    <Stack gap="xs">
      {locales.map((locale, i) => (
        <Input
          key={locale}
          label={`${label} (${names.of(locale) ?? locale})`}
          {...(i === 0 && description ? { description } : {})}
          {...(lines > 1 ? { rows: lines } : {})}
          lang={locale}
          value={value[locale] ?? ''}
          error={error?.(locale)}
          onChange={(event) => set(locale, event.currentTarget.value)}
        />
      ))}
    </Stack>
  )
}
