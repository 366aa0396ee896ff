import type { Localised } from '../contract'
import { en, type Messages } from './en'

export type MessageKey = keyof Messages

/** Translate gives one text, its `{name}` places filled. */
export type Translate = (key: MessageKey, values?: Record<string, string | number>) => string

/** The languages beside English, each loaded on demand from the widget's own origin. */
const languages: Record<string, () => Promise<Messages>> = {
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
export async function loadMessages(language: string): Promise<Messages> {
  try {
    return (await languages[language]?.()) ?? en
  } catch {
    return en
  }
}

/** translator binds a language's texts. */
export function translator(messages: Messages): Translate {
  return (key, values) => messages[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values?.[name] ?? whole))
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
export function explain(problem: { code: string; detail: string }, messages: Messages): string {
  const known = messages[`e.${shared[problem.code] ?? problem.code}` as MessageKey]
  if (!known) return problem.detail || messages['e.internal']
  const tries = problem.code === 'code_invalid' && /\b\d\b/.exec(problem.detail)
  return tries ? `${known} ${messages.codeTries.replace('{n}', tries[0])}` : known
}

export { en, type Messages } from './en'
