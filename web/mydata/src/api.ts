/** Visit is what the link to the page carries. */
export interface Visit {
  session: string
  customer: string
  locale: string
}

export interface Verification {
  id: string
  group: string
  state: string
  created_at: string
  reasons: string[]
  consent: { version: string; locale: string; at: string }
  appeal: { at: string; outcome: string; decided_at: string | null } | null
  may_object: boolean
}

export interface MyData {
  customer: string
  guest: boolean
  store: { name: string; privacy_url: string; marketing_text: Record<string, string>; consent_version: string }
  kept: { kind: string; count: number; since: string | null }[]
  attestations: { id: string; group: string; subgroup: string; valid_until: string; ended_at: string | null }[]
  verifications: Verification[]
  marketing: { granted: boolean; at: string } | null
}

export interface Erasure {
  id: string
  state: 'waiting' | 'running' | 'done'
  removed: Record<string, number>
  receipt: string | null
}

/** Ended says that the session of the link is over. */
export class Ended extends Error {}

/** Client asks the gateway as the shopper of a visit. */
export class Client {
  constructor(
    readonly visit: Visit,
    private readonly ask: typeof fetch = (...request) => fetch(...request),
  ) {}

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = { Authorization: `Bearer ${this.visit.session}` }
    if (method !== 'GET') {
      headers['Content-Type'] = 'application/json'
      headers['Idempotency-Key'] = key()
    }
    const answer = await this.ask(path, { method, headers, cache: 'no-store', ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    if (answer.status === 401) throw new Ended()
    if (!answer.ok) throw new Error(`${answer.status}`)
    return (await answer.json()) as T
  }

  private own(rest: string): string {
    return `/v1/customers/${encodeURIComponent(this.visit.customer)}${rest}`
  }

  read(): Promise<MyData> {
    return this.call('GET', this.own('/my-data'))
  }

  async text(version: string, at: string, locale: string): Promise<string> {
    const shown = await this.call<{ text: Record<string, string> }>('GET', `/v1/consent-texts/${encodeURIComponent(version)}?at=${encodeURIComponent(at)}`)
    return shown.text[locale] ?? shown.text[locale.slice(0, 2)] ?? Object.values(shown.text)[0] ?? ''
  }

  /** exported gathers everything that is stored, part by part. */
  async exported(progress: (records: number) => void): Promise<unknown[]> {
    const all: unknown[] = []
    let cursor = ''
    for (;;) {
      const part = await this.call<{ data: unknown[]; next_cursor: string | null }>('GET', this.own(`/data?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`))
      all.push(...part.data)
      progress(all.length)
      if (!part.next_cursor) return all
      cursor = part.next_cursor
    }
  }

  marketing(granted: boolean, version: string, locale: string): Promise<unknown> {
    return this.call('PUT', this.own('/consents/marketing'), { granted, version, locale })
  }

  object(verification: string): Promise<unknown> {
    return this.call('POST', `/v1/verifications/${verification}/appeal`)
  }

  async erase(): Promise<string> {
    const asked = await this.call<{ receipt_token: string }>('POST', this.own('/erasures'), { confirm: true })
    return asked.receipt_token
  }

  /** erasure needs no session: the shopper's has ended by then. */
  async erasure(token: string): Promise<Erasure> {
    const answer = await this.ask(`/v1/erasures/${encodeURIComponent(token)}`, { cache: 'no-store' })
    if (!answer.ok) throw new Error(`${answer.status}`)
    return (await answer.json()) as Erasure
  }
}

function key(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const kept = 'laurel-my-data'

/** visitOf reads the link, takes what it carries out of the address, and remembers it for a reload. */
export function visitOf(location: Location, history: History, storage: Storage): Visit | undefined {
  const values = new URLSearchParams(location.hash.slice(1))
  const session = values.get('session')
  if (session) {
    const visit: Visit = { session, customer: values.get('customer') ?? '', locale: values.get('locale') ?? '' }
    storage.setItem(kept, JSON.stringify(visit))
    history.replaceState(null, '', location.pathname)
    return visit
  }
  const remembered = storage.getItem(kept)
  return remembered ? (JSON.parse(remembered) as Visit) : undefined
}

/** forget ends what is remembered of a visit. */
export function forget(storage: Storage): void {
  storage.removeItem(kept)
}
