import { LaurelVerify } from './element'

export { LaurelVerify }
export type { LaurelEvents } from './events'
export type { Benefit, OfferToken } from './contract'

if (!customElements.get('laurel-verify')) customElements.define('laurel-verify', LaurelVerify)

declare global {
  interface HTMLElementTagNameMap {
    'laurel-verify': LaurelVerify
  }
}
