// Verifies Laurel's offer tokens without asking the gateway about each of them. An example to copy from: it uses jose and
// nothing of Laurel.
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { inflate } from 'node:zlib'

const unpack = promisify(inflate)

// jose is passed in, so that the example runs with any installation of it.
export class Verifier {
  #jose
  #keys
  #lists = new Map()

  // algs are the algorithms that the store has used; gateway is where it is reached, when that is not the issuer.
  constructor(jose, { issuer, store, gateway = issuer, algs = ['ES256'], leeway = 30 }) {
    this.#jose = jose
    Object.assign(this, { issuer, store, gateway, algs, leeway })
    // Read again when a kid is not in it, at most every 10 seconds: a forger can invent kids.
    this.#keys = jose.createRemoteJWKSet(new URL('/.well-known/jwks.json', gateway), { cacheMaxAge: 300_000, cooldownDuration: 10_000 })
  }

  // verify returns the claims of a good token, or throws why it is none. It cannot know whether the token was used
  // already: only redeeming it at the gateway tells.
  async verify(token, cart) {
    if (token.length > 4096) throw new Error('too long')
    const { payload } = await this.#open(token, 'offer+jwt', { audience: this.store, issuer: this.issuer })
    if (payload.cart && (!cart || cartDigest(cart) !== payload.cart)) throw new Error('cart mismatch')
    const status = payload.status?.status_list
    if (status && (await this.#ended(status.uri, status.idx))) throw new Error('revoked')
    return payload
  }

  // jose holds the algorithm of the header to the key's kty, crv and alg, and to algs.
  async #open(token, typ, more) {
    const options = { algorithms: this.algs, typ, clockTolerance: this.leeway, requiredClaims: ['sub', 'iat', 'exp'], ...more }
    const header = this.#jose.decodeProtectedHeader(token)
    for (const name of ['jwk', 'jku', 'x5c', 'x5u', 'crit']) {
      if (name in header) throw new Error('the header brings a key or an extension')
    }
    return this.#jose.jwtVerify(token, this.#keys, options)
  }

  async #ended(uri, index) {
    let list = this.#lists.get(uri)
    if (!list || Date.now() >= list.until) {
      list = await this.#fetchList(uri)
      if (this.#lists.size > 1000) this.#lists.clear()
      this.#lists.set(uri, list)
    }
    // Not index >> 3: that takes 32 bits only, and a large index would come round to another proof's status.
    if (!Number.isInteger(index) || index < 0 || index >= list.bits.length * 8) throw new Error('status unknown: no such index')
    return ((list.bits[Math.floor(index / 8)] >> (index % 8)) & 1) === 1
  }

  // A list is kept for as long as Cache-Control says, and for its ttl at most.
  async #fetchList(uri) {
    const path = uri.startsWith(this.issuer) ? uri.slice(this.issuer.length) : ''
    if (!/^\/v1\/status-lists\/[\w-]+$/.test(path)) throw new Error('status unknown: the list is not at the issuer')
    const type = 'application/statuslist+jwt'
    const answer = await fetch(this.gateway + path, { headers: { accept: type }, redirect: 'error', signal: AbortSignal.timeout(5000) })
    if (!answer.ok || !answer.headers.get('content-type')?.startsWith(type)) throw new Error(`status unknown: the gateway answers ${answer.status}`)
    const { payload } = await this.#open(await answer.text(), 'statuslist+jwt', { subject: uri })
    const { bits, lst } = payload.status_list ?? {}
    if (bits !== 1) throw new Error('status unknown: not the list')
    const fresh = Number(/max-age=(\d+)/.exec(answer.headers.get('cache-control') ?? '')?.[1] ?? 0)
    const unpacked = await unpack(Buffer.from(lst, 'base64url'), { maxOutputLength: 1 << 20 })
    return { bits: unpacked, until: Date.now() + Math.min(fresh, payload.ttl ?? 0) * 1000 }
  }
}

// cartDigest is what a token says of the cart that it is bound to: SHA-256 of canonical JSON (RFC 8785). JSON.stringify
// writes texts and whole numbers as it asks; the names stand in their order here.
export function cartDigest(cart) {
  const canonical = {
    currency: cart.currency,
    lines: cart.lines.map((l) => ({
      categories: l.categories ?? [],
      line_id: l.line_id,
      quantity: l.quantity,
      sku: l.sku ?? '',
      unit_amount: l.unit_amount,
    })),
    shipping_amount: cart.shipping_amount ?? 0,
    tax_mode: cart.tax_mode || 'exclusive',
  }
  return createHash('sha256').update(JSON.stringify(canonical)).digest('base64url')
}
