import { NativeSelect } from '@mantine/core'
import { type Language, languages, useLanguage } from '../../text/language'

const names: Record<Language, string> = { en: 'English', de: 'Deutsch' }

/** LanguageSelect chooses the console's language. */
export function LanguageSelect({ description }: { description?: string }) {
  const { t, language, choose } = useLanguage()
  return (
    <NativeSelect
      label={t('account.language')}
      description={description}
      value={language}
      data={languages.map((value) => ({ value, label: names[value] }))}
      onChange={(event) => choose(languages.find((l) => l === event.currentTarget.value) ?? 'en')}
    />
  )
}
