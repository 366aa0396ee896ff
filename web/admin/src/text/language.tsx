import { type ReactNode, createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import { type MessageKey, messages } from '../messages'

/** The console's languages, in the order of each message's texts. */
export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]

const remembered = 'laurel.language'

/** Translate returns a message's text with its {placeholders} filled in. */
export type Translate = (key: MessageKey, values?: Record<string, string | number>) => string

interface Speech {
  language: Language
  choose: (language: Language) => void
  t: Translate
}

const Context = createContext<Speech | null>(null)

/** translator returns the texts of one language. */
export function translator(language: Language): Translate {
  const index = languages.indexOf(language)
  return (key, values = {}) =>
    (messages[key][index] ?? messages[key][0]).replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole))
}

function isLanguage(text: string | undefined | null): text is Language {
  return languages.some((language) => language === text)
}

/** preferred is the language that was chosen before, else the browser's first that the console speaks, else English. */
export function preferred(chosen: string | null, browser: readonly string[]): Language {
  if (isLanguage(chosen)) return chosen
  return browser.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en'
}

/** LanguageProvider gives every screen its texts, and remembers the choice in this browser. */
export function LanguageProvider({ initial, children }: { initial?: Language; children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(
    () => initial ?? preferred(localStorage.getItem(remembered), navigator.languages),
  )
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const choose = useCallback((next: Language) => {
    localStorage.setItem(remembered, next)
    setLanguage(next)
  }, [])
  const speech = useMemo(() => ({ language, choose, t: translator(language) }), [language, choose])
  return <Context.Provider value={speech}>{children}</Context.Provider>
}

/** useLanguage returns the language, its texts, and how to choose another. */
export function useLanguage(): Speech {
  const speech = useContext(Context)
  if (!speech) throw new Error('useLanguage needs a LanguageProvider')
  return speech
}
