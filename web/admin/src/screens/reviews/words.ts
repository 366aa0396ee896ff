import { isMessage } from '../../messages'
import type { Translate } from '../../text/language'

const named = (prefix: string, code: string, t: Translate, values?: Record<string, string | number>) => {
  const key = `${prefix}.${code}`
  return isMessage(key) ? t(key, values) : undefined
}

/** whyText says why a human has to look; a code that the console does not know is shown as it is written. */
export const whyText = (code: string, t: Translate): string => named('why', code, t) ?? code

/** signalText says what makes a proof doubtful, with how often. */
export const signalText = (code: string, count: number, t: Translate): string =>
  named('signal', code, t, { count }) ?? t('signal.unknown', { name: code, count })

/** fieldText is the name of something that a shopper gave. */
export const fieldText = (field: string, t: Translate): string => named('given', field, t) ?? field
