import { isMessage } from '../../messages'
import type { Translate } from '../../text/language'

/** className names a class of what is kept about people; one that the console does not know is shown as it is written. */
export function className(name: string, t: Translate): string {
  const key = `kept.${name}`
  return isMessage(key) ? t(key) : name
}
