import type { FraudLabelling } from '../../api/types'
import { isMessage } from '../../messages'
import type { Translate } from '../../text/language'

/** labelReasons are why an attestation is labelled, liftReasons why a label is lifted. */
export const labelReasons: readonly FraudLabelling['reason'][] = ['chargeback', 'forged_document', 'shared_account', 'sold_token', 'stolen_identity', 'abuse', 'other']
export const liftReasons: readonly FraudLabelling['reason'][] = ['mistake', 'cleared']

/** reasonName names a reason; one that the console does not know is shown as it is written. */
export function reasonName(reason: string, t: Translate): string {
  const key = `fraud.reason.${reason}`
  return isMessage(key) ? t(key) : reason
}
