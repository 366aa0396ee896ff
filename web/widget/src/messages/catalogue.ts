import type { Localised } from '../contract'
import type { document } from '../words/document'
import type { email } from '../words/email'
import type { mock } from '../words/mock'
import type { pending } from '../words/pending'
import type { refused } from '../words/refused'
import type { registry } from '../words/registry'
import type { remote } from '../words/remote'
import type { sso } from '../words/sso'
import type { success } from '../words/success'
import { en } from './en'

/** Words are the texts of the steps that come on demand. */
type Words = typeof document &
  typeof email &
  typeof mock &
  typeof pending &
  typeof refused &
  typeof registry &
  typeof remote &
  typeof sso &
  typeof success

/** Messages is one language's texts, all of them. */
export type Messages = Readonly<Record<keyof typeof en | keyof Words, string>>

/** Texts are those that are there already. */
export type Texts = Readonly<Partial<Messages>>

export type MessageKey = keyof Messages

/** Translate gives one text, its `{name}` places filled. */
export type Translate = (key: MessageKey, values?: Record<string, string | number>) => string

/** The languages beside English, each loaded on demand from the widget's own origin. */
const languages: Record<string, () => Promise<Texts>> = {
  de: () => import('./de').then((module) => module.de),
}

/** pickLanguage gives the first wanted language that the widget speaks, English when there is none. */
export function pickLanguage(wanted: readonly string[]): string {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0] ?? ''
    if (language === 'en' || language in languages) return language
  }
  return 'en'
}

/** loadMessages gives a language's texts; English when they cannot be had, so that the shopper can go on. */
export async function loadMessages(language: string): Promise<Texts> {
  try {
    return (await languages[language]?.()) ?? en
  } catch {
    return en
  }
}

/** translator binds a language's texts; what it lacks is English. */
export function translator(texts: Texts): Translate {
  return (key, values) => (texts[key] ?? (en as Texts)[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(values?.[name] ?? whole))
}

/** localised picks a store's own text: the shopper's language, else English, else any. */
export function localised(text: Localised | null | undefined, language: string): string {
  return text?.[language] ?? text?.['en'] ?? Object.values(text ?? {})[0] ?? ''
}

/** Codes whose next step for the shopper is the same share one text. */
const shared: Record<string, string> = {
  unavailable: 'busy',
  overloaded: 'busy',
  rate_limited: 'busy',
  mail_unavailable: 'busy',
  unauthenticated: 'setup',
  origin_not_allowed: 'setup',
  return_url_not_allowed: 'setup',
  group_unknown: 'setup',
  policy_missing: 'setup',
  offer_not_found: 'setup',
  test_store_only: 'setup',
  verification_expired: 'over',
  attestation_ended: 'over',
  customer_mismatch: 'over',
  provider_unknown: 'provider_unavailable',
  offer_not_eligible: 'offer_not_live',
}

/** explain says a problem in the shopper's words by its code; codes without words show the problem's own detail. */
export function explain(problem: { code: string; detail: string }, t: Translate): string {
  const key = `e.${shared[problem.code] ?? problem.code}` as MessageKey
  const known = t(key)
  if (known === key) return problem.detail || t('e.internal')
  const tries = problem.code === 'code_invalid' && /\b\d\b/.exec(problem.detail)
  return tries ? `${known} ${t('codeTries', { n: tries[0] })}` : known
}

export { en } from './en'
