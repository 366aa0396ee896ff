import type { Offer, OfferToken, Storefront, Verification } from './contract'
import type { Problem } from './problem'

/** Screen is what the widget shows: one file of `steps/` each. */
export type Screen =
  | 'loading'
  | 'group'
  | 'consent'
  | 'choose'
  | 'email'
  | 'email_code'
  | 'sso'
  | 'mock'
  | 'registry'
  | 'document'
  | 'remote'
  | 'pending'
  | 'success'
  | 'refused'
  | 'unavailable'

/** State is all that the screens are drawn from. */
export interface State {
  screen: Screen
  /** A call is under way: nothing else is sent until it is answered. */
  busy: boolean
  storefront?: Storefront
  offer?: Offer | undefined
  group: string
  verification?: Verification | undefined
  token?: OfferToken | undefined
  /** The address as typed, so that a code can be sent to it again after a look elsewhere. */
  email: string
  /** Which one of several forms of the step was chosen; empty when there is one, or none was chosen. */
  instance: string
  problem?: Problem | undefined
}

/** screenOf names the screen that a verification's state and step ask for. */
export function screenOf(verification: Verification): Screen {
  switch (verification.state) {
    case 'verified':
      return 'success'
    case 'rejected':
    case 'failed':
    case 'expired':
    case 'cancelled':
      return 'refused'
    case 'pending_review':
      return 'pending'
    case 'uploading':
      return 'document'
    default:
      return stepScreen(verification.step)
  }
}

/** stepScreen names the screen of a step. */
export function stepScreen(step: string): Screen {
  switch (step) {
    case 'choose':
    case 'email':
    case 'email_code':
    case 'sso':
    case 'mock':
    case 'registry':
    case 'document':
    case 'remote':
      return step
    default:
      // A step that this widget cannot draw yet is answered elsewhere: it waits and follows.
      return 'pending'
  }
}
