import { isMessage } from '../../messages'
import type { Translate } from '../../text/language'

const named = (prefix: string, code: string, t: Translate, values?: Record<string, string | number>) => {
  const key = `${prefix}.${code}`
  return isMessage(key) ? t(key, values) : undefined
}

/** whyText says why a human has to look; a code that the console does not know is shown as it is written. */
export const whyText = (code: string, t: Translate): string => named('why', code, t) ?? code

/** signalText says what makes a proof doubtful, with how often. */
const signalText = (code: string, count: number, t: Translate): string =>
  named('signal', code, t, { count }) ?? t('signal.unknown', { name: code, count })

/** lonely are signals that count the verification itself: one stands for nothing. */
const lonely: readonly string[] = ['shared_network', 'velocity']

/** signalLines says all that makes a proof doubtful. */
export const signalLines = (signals: Readonly<Record<string, number>>, t: Translate): string[] =>
  Object.entries(signals)
    .filter(([code, count]) => count > (lonely.includes(code) ? 1 : 0))
    .map(([code, count]) => signalText(code, count, t))

/** factText is the name of something that a check found. */
export const factText = (fact: string, t: Translate): string => named('fact', fact, t) ?? fact

const order = ['first_name', 'middle_name', 'last_name', 'name', 'birth_date', 'organisation', 'number']

/** given puts what a shopper gave into the order in which people say it. */
export const given = (fields: Readonly<Record<string, string>>): [name: string, value: string][] => {
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  return Object.entries(fields).toSorted(([a], [b]) => place(a) - place(b))
}

/** fieldText is the name of something that a shopper gave. */
export const fieldText = (field: string, t: Translate): string => named('given', field, t) ?? field
