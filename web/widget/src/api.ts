import type { Institutions, OfferToken, Storefront, Verification } from './contract'
import { Problem, readProblem } from './problem'

/** Credentials of one verification: its id and the secret that was given to the browser that began it. */
export interface Claim {
  id: string
  secret: string
  /** It came by a link. Who made the link has the secret as well, so nothing is proven any more on this claim. */
  linked?: boolean | undefined
}

/** Api calls the gateway with a publishable key. Every method throws a Problem when the call is refused or no answer comes. */
export class Api {
  /** The idempotency keys of calls without a settled answer, by what was asked: asking the same again is the same intent. */
  readonly #unsettled = new Map<string, string>()

  constructor(
    readonly origin: string,
    private readonly publishableKey: string,
  ) {}

  storefront(): Promise<Storefront> {
    return this.send('GET', '/v1/storefront')
  }

  begin(body: Record<string, unknown>): Promise<Verification> {
    return this.send('POST', '/v1/verifications', undefined, body)
  }

  read(claim: Claim): Promise<Verification> {
    return this.send('GET', `/v1/verifications/${claim.id}`, claim.secret)
  }

  /** institutions are the sign-in providers whose names have what was typed. */
  institutions(query: Record<string, string>): Promise<Institutions> {
    return this.send('GET', `/v1/storefront/institutions?${new URLSearchParams(query)}`)
  }

  answer(claim: Claim, step: string, body: Record<string, unknown>): Promise<Verification> {
    return this.change(claim, `steps/${step}`, body)
  }

  /** change posts to what stands below a verification, such as `cancel`. */
  change(claim: Claim, what: string, body?: Record<string, unknown>): Promise<Verification> {
    return this.send('POST', `/v1/verifications/${claim.id}/${what}`, claim.secret, body)
  }

  /** drop deletes what stands below a verification, such as `documents/doc_…`. */
  drop<T = Verification>(claim: Claim, what: string): Promise<T> {
    return this.send('DELETE', `/v1/verifications/${claim.id}/${what}`, claim.secret)
  }

  giveUp(claim: Claim, step: string): Promise<Verification> {
    return this.drop(claim, `steps/${step}`)
  }

  offerToken(claim: Claim, offerId: string): Promise<OfferToken> {
    return this.send('POST', '/v1/offer-tokens', claim.secret, { offer_id: offerId, verification_id: claim.id })
  }

  /** headers name the store, and the verification that is meant. */
  headers(secret?: string): Record<string, string> {
    return { Accept: 'application/json', Authorization: `Bearer ${this.publishableKey}`, ...(secret && { 'Laurel-Client-Secret': secret }) }
  }

  /** send asks for anything else; an answer that is no JSON is its text. */
  async send<T>(method: string, path: string, secret?: string, body?: Record<string, unknown>): Promise<T> {
    const text = body && JSON.stringify(body)
    const intent = `${method} ${path} ${text ?? ''}`
    const headers = this.headers(secret)
    if (text) headers['Content-Type'] = 'application/json'
    if (method !== 'GET') headers['Idempotency-Key'] = this.#keyOf(intent)
    try {
      const answer = await this.#fetch<T>(path, { method, headers, ...(text && { body: text }) })
      this.#unsettled.delete(intent)
      return answer
    } catch (error) {
      if (error instanceof Problem && !error.unsettled) this.#unsettled.delete(intent)
      throw error
    }
  }

  async #fetch<T>(path: string, init: RequestInit): Promise<T> {
    let response: Response
    try {
      response = await fetch(this.origin + path, { ...init, credentials: 'omit', cache: 'no-store' })
      if (response.ok) return (await (/json/.test(response.headers.get('Content-Type') ?? '') ? response.json() : response.text())) as T
    } catch (error) {
      if (await this.#answers()) {
        console.warn(`Laurel: ${this.origin} does not answer pages of ${location.origin}. Add that to the store's allowed origins.`)
        throw new Problem('origin_not_allowed', String(error), 403)
      }
      throw new Problem('network', String(error))
    }
    throw await readProblem(response)
  }

  /**
   * #answers tells a gateway that is there from a network that is not: a browser hides the refusal of a foreign origin,
   * and both look the same to the page. The widget's own script is there for every origin.
   */
  async #answers(): Promise<boolean> {
    try {
      await fetch(`${this.origin}/widget.js`, { credentials: 'omit', cache: 'no-store' })
      return true
    } catch {
      return false
    }
  }

  #keyOf(intent: string): string {
    const key = this.#unsettled.get(intent) ?? crypto.randomUUID()
    this.#unsettled.set(intent, key)
    return key
  }
}
