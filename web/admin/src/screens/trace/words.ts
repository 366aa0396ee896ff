import type { Finding } from '../../api/types'
import { type MessageKey, isMessage } from '../../messages'
import type { Translate } from '../../text/language'

/** Saying is what is needed to say a finding in the console's language. */
export interface Saying {
  t: Translate
  /** money writes minor units of the cart's currency. */
  money: (minor: number) => string
  time: (iso: string) => string
}

const amounts = ['minimum_order', 'benefit']

/** patterns are the gateway's English phrases that have a text of their own; {n} is what the expression takes out. */
const patterns: readonly (readonly [RegExp, MessageKey])[] = [
  [/^at least (?<n>.+)$/, 'trace.atLeast'],
  [/^less than (?<n>.+)$/, 'trace.lessThan'],
  [/^(?<n>.+) or higher$/, 'trace.orHigher'],
  [/^no other offer$/, 'trace.noOther'],
  [/^no other offer that is exclusive$/, 'trace.noExclusive'],
  [/^no other offer of category (?<n>.+)$/, 'trace.noCategory'],
  [/^something to give$/, 'trace.something'],
  [/^points$/, 'trace.points'],
  [/^a customer$/, 'trace.customer'],
  [/^a guest$/, 'trace.guest'],
  [/^no tier$/, 'trace.noTier'],
]

/** conditionName says what a condition looked at. */
export function conditionName(condition: string, t: Translate): string {
  const key = `trace.condition.${condition}`
  return isMessage(key) ? t(key) : condition
}

/** reasonText says why an offer was not applied; a reason that the console does not know is shown as it is written. */
export function reasonText(reason: string, t: Translate): string {
  const key = `reason.${reason}`
  return isMessage(key) ? t(key) : reason
}

/** sayFinding puts what a condition saw, or wants, into words: amounts as money, moments as times, phrases translated. */
export function sayFinding(finding: Finding, part: 'saw' | 'wants', saying: Saying): string {
  const text = finding[part]
  const value = (plain: string) => (amounts.includes(finding.condition) && /^\d+$/.test(plain) ? saying.money(Number(plain)) : plain)
  if (finding.condition === 'state' && isMessage(`state.${text}`)) return saying.t(`state.${text}` as MessageKey)
  if (finding.condition === 'benefit' && isMessage(`reason.${text}`)) return reasonText(text, saying.t)
  for (const [pattern, key] of patterns) {
    const match = pattern.exec(text)
    if (match) return saying.t(key, { n: value(match.groups?.n ?? '') })
  }
  return value(text).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, saying.time)
}
