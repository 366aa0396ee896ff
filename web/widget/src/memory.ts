import type { Claim } from './api'

interface Remembered extends Claim {
  expiresAt: string
  customer: string
}

/**
 * Memory keeps a verification's credentials in this tab, so that a reload or a sign-in elsewhere goes on where it was.
 * One place per publishable key and offer. Without a usable sessionStorage nothing is remembered.
 */
export class Memory {
  readonly #place: string

  constructor(
    publishableKey: string,
    offer: string,
    private readonly customer: string,
  ) {
    this.#place = `laurel:${publishableKey}:${offer}`
  }

  keep(claim: Claim, expiresAt: string): void {
    const remembered: Remembered = { ...claim, expiresAt, customer: this.customer }
    this.#try((storage) => storage.setItem(this.#place, JSON.stringify(remembered)))
  }

  /** recall gives what was kept, unless it expired, belongs to another customer or cannot be read; then it is forgotten. */
  recall(): Claim | undefined {
    const text = this.#try((storage) => storage.getItem(this.#place))
    if (!text) return undefined
    try {
      const { id, secret, expiresAt, customer } = JSON.parse(text) as Remembered
      if (id && secret && customer === this.customer && Date.parse(expiresAt) > Date.now()) return { id, secret }
    } catch {
      // Not ours or damaged: forgotten below.
    }
    this.forget()
    return undefined
  }

  forget(): void {
    this.#try((storage) => storage.removeItem(this.#place))
  }

  /** The browser may refuse storage altogether (blocked cookies, private mode): the widget then works without a memory. */
  #try<T>(use: (storage: Storage) => T): T | undefined {
    try {
      return use(sessionStorage)
    } catch {
      return undefined
    }
  }
}
