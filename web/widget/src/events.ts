import type { OfferToken } from './contract'
import type { Screen } from './state'

/** The events of `<laurel-verify>`: all bubble and cross shadow boundaries. */
export interface LaurelEvents {
  /** Another step is shown. */
  'laurel-step': { step: Screen; verificationId: string | null }
  /** The shopper is verified; `validUntil` is an RFC 3339 time. */
  'laurel-verified': { verificationId: string; group: string; subgroup: string | null; validUntil: string | null }
  /** An offer token was issued: give `token` (or `code`) to the checkout before `expiresAt`. */
  'laurel-token': { token: string; code: string; expiresAt: string; offer: OfferToken['offer'] }
  /** A call was refused or failed; `code` is stable, `detail` is for developers. */
  'laurel-error': { code: string; detail: string }
}

/** Emit sends one typed event from the element. */
export type Emit = <K extends keyof LaurelEvents>(type: K, detail: LaurelEvents[K]) => void

declare global {
  interface HTMLElementEventMap {
    'laurel-step': CustomEvent<LaurelEvents['laurel-step']>
    'laurel-verified': CustomEvent<LaurelEvents['laurel-verified']>
    'laurel-token': CustomEvent<LaurelEvents['laurel-token']>
    'laurel-error': CustomEvent<LaurelEvents['laurel-error']>
  }
}
