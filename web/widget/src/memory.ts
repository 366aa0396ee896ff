import type { Claim } from './api'

interface Remembered extends Claim {
  expiresAt: string
  customer: string
}

/** resume begins what stands behind the # of a link from another device. */
export const resume = 'laurel='
const week = 7 * 86_400_000

/**
 * Memory keeps a verification's credentials in this tab, so that a reload or a sign-in elsewhere goes on where it was; and
 * in this browser while somebody else decides, which can take days. One place per publishable key and offer. Without a
 * usable storage nothing is remembered.
 */
export class Memory {
  /** What names the offer, and the store that it is of. */
  readonly place: string

  constructor(
    publishableKey: string,
    offer: string,
    private readonly customer: string,
  ) {
    this.place = `laurel:${publishableKey}:${offer}`
  }

  /** follow takes what a link carried over from another device, and says whether it did. */
  follow(hash: string): boolean {
    if (!hash.startsWith(`#${resume}`)) return false
    const [place, id, secret] = hash.slice(resume.length + 1).split('&').map(decoded)
    if (place !== this.place || !id || !secret) return false
    this.keep({ id, secret, linked: true }, new Date(Date.now() + week).toISOString())
    return true
  }

  /** keep remembers in this tab; waiting, beyond it too. */
  keep(claim: Claim, expiresAt: string, waiting = false): void {
    const text = JSON.stringify({ ...claim, expiresAt, customer: this.customer } satisfies Remembered)
    attempt(() => sessionStorage.setItem(this.place, text))
    attempt(() => (waiting ? localStorage.setItem(this.place, text) : localStorage.removeItem(this.place)))
  }

  /** recall gives what was kept, unless it expired, belongs to another customer or cannot be read; then it is forgotten. */
  recall(): Claim | undefined {
    const text = attempt(() => sessionStorage.getItem(this.place) ?? localStorage.getItem(this.place))
    if (!text) return undefined
    try {
      const { id, secret, linked, expiresAt, customer } = JSON.parse(text) as Remembered
      if (id && secret && customer === this.customer && Date.parse(expiresAt) > Date.now()) return { id, secret, linked }
    } catch {
      // Not ours or damaged: forgotten below.
    }
    this.forget()
    return undefined
  }

  forget(): void {
    attempt(() => sessionStorage.removeItem(this.place))
    attempt(() => localStorage.removeItem(this.place))
  }
}

/** The browser may refuse storage altogether (blocked cookies, private mode): the widget then works without a memory. */
function attempt<T>(use: () => T): T | undefined {
  try {
    return use()
  } catch {
    return undefined
  }
}

function decoded(text: string): string {
  return attempt(() => decodeURIComponent(text)) ?? ''
}
