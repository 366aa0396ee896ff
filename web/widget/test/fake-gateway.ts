import type { Benefit, Form, Offer, Storefront, Verification } from '../src/contract'

/** One call as the gateway saw it. */
export interface Seen {
  method: string
  path: string
  query: URLSearchParams
  headers: Headers
  body: Record<string, unknown>
}

interface Answer {
  status: number
  body: unknown
}

/** offer is one as the storefront lists it. */
export function offer(id: string, name: string, group: string, benefit: Benefit): Offer {
  return { id, name, group, benefit: { target: 'order', ...benefit }, description: '', ends_at: null, subgroup: null }
}

const text = (name: string, en: string, required = true): Form['fields'][number] => ({ name, label: { en, de: en }, type: 'text', required, max_length: 100 })

/** forms are those of a document and of two verifiers of the store's own. */
export const forms: Form[] = [
  {
    id: '',
    requirement: 'document',
    name: '',
    fields: [
      text('first_name', 'First name'),
      text('last_name', 'Last name'),
      { ...text('birth_date', 'Date of birth'), type: 'date', max_length: 10 },
      text('organisation', 'Institution'),
    ],
    upload: {
      max_files: 3,
      max_bytes: 10_485_760,
      max_pages: 5,
      media_types: ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'],
      accepted: [{ en: 'Student card', de: 'Studierendenausweis' }],
      organisations: [],
    },
  },
  {
    id: 'staff',
    requirement: 'remote:staff',
    name: 'Staff directory',
    fields: [
      { ...text('employee', 'Employee number'), type: 'number', max_length: 10 },
      { ...text('mail', 'Work e-mail'), type: 'email' },
      text('site', 'Site', false),
    ],
  },
  { id: 'union', requirement: 'remote:union', name: 'Union', fields: [text('card', 'Card')] },
]

export const storefront: Storefront = {
  store: { id: 'sto_1', name: 'Northside Supply', mode: 'test', locales: ['en', 'de'], theme: {} },
  consent: {
    version: '3',
    text: { en: 'We check that you are in the group, and keep the result.', de: 'Wir prüfen Ihre Gruppe.' },
    marketing_text: { en: 'Send me news by e-mail.', de: 'Neuigkeiten per E-Mail.' },
    privacy_url: 'https://shop.example/privacy',
  },
  groups: [
    { group: 'student', label: { en: 'Students', de: 'Studierende' }, subgroups: [] },
    { group: 'teacher', label: { en: 'Teachers', de: 'Lehrkräfte' }, subgroups: [] },
  ],
  providers: [{ id: 'demo-university', name: 'Demo University' }],
  providers_total: 1,
  forms: [],
  offers: [
    offer('off_s', 'Student 20', 'student', { type: 'percentage', basis_points: 2000 }),
    offer('off_t', 'Teacher 5', 'teacher', { type: 'fixed_amount', amount: 500, currency: 'USD' }),
  ],
}

/** problem is a refusal as the gateway words it. */
export function problem(status: number, code: string, detail = `detail of ${code}`): Answer {
  return { status, body: { type: 'about:blank', title: code, status, code, detail } }
}

/** FakeGateway plays the storefront half of the contract for one shopper, and remembers what it was asked. */
export class FakeGateway {
  readonly seen: Seen[] = []
  storefront: Storefront = structuredClone(storefront)
  paths: string[][] = [['email'], ['oidc:demo-university'], ['mock']]
  code = '123456'
  verification: Verification | undefined
  tokenLife = 600_000
  proofLife = 365 * 86_400_000
  picture: Answer = { status: 200, body: '<svg viewBox="0 0 29 29"><path fill="#fff" d="M0 0h29v29H0z"/><path fill="#000" d="M4 4h7v1z"/></svg>' }
  #next: (Answer | 'offline')[] = []

  /** hidden is true when calls fail although the gateway is there, as on a page of a foreign origin. */
  hidden = false

  /** fail makes the next calls go wrong, in order. */
  fail(...answers: (Answer | 'offline')[]): void {
    this.#next.push(...answers)
  }

  /** calls lists the calls whose method and path contain the text. */
  calls(text: string): Seen[] {
    return this.seen.filter((call) => `${call.method} ${call.path}`.includes(text))
  }

  /** fetch stands in for the browser's. */
  readonly fetch = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const { status, body } = this.answer(init.method ?? 'GET', new URL(String(url)), new Headers(init.headers), init.body)
    if (typeof body === 'string') return new Response(body, { status, headers: { 'Content-Type': 'image/svg+xml' } })
    return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
  }

  answer(method: string, url: URL, headers: Headers, text: unknown): Answer {
    if (url.pathname === '/widget.js') {
      // Asked after a call that got no answer: a network that is away is still away, a gateway that hides behind CORS is not.
      if (this.hidden) return { status: 200, body: {} }
      throw new TypeError('fetch failed')
    }
    const body = JSON.parse(typeof text === 'string' && text ? text : '{}') as Record<string, unknown>
    const call = { method, path: url.pathname, query: url.searchParams, headers, body }
    this.seen.push(call)
    const wrong = this.#next.shift()
    if (wrong === 'offline') throw new TypeError('fetch failed')
    return wrong ?? this.#route(call)
  }

  #route({ method, path, body }: Seen): Answer {
    if (path === '/v1/storefront/institutions') return this.#search()
    if (path === '/v1/storefront') return { status: 200, body: this.storefront }
    if (path === '/v1/verifications') return this.#begin(body)
    if (path === '/v1/offer-tokens') return this.#token(body)
    if (path === '/v1/offer-tokens/qr') return this.picture
    const [, id, step] = /^\/v1\/verifications\/([^/]+)(?:\/steps\/(\w+)|\/.*)?$/.exec(path) ?? []
    if (!this.verification || id !== this.verification.id) return problem(404, 'not_found')
    const [, what] = /^\/v1\/verifications\/[^/]+\/(cancel|appeal|move)$/.exec(path) ?? []
    if (what === 'cancel') return this.#moved({ state: 'cancelled', step: 'done', next: [] })
    if (what === 'appeal') return this.#moved({ state: 'pending_review', step: 'pending', next: [] })
    if (what === 'move') return this.#verified()
    const [, document] = /^\/v1\/verifications\/[^/]+\/documents\/(.+)$/.exec(path) ?? []
    if (document) return this.#drop(document)
    if (method === 'DELETE') return this.#moved({ state: 'collecting', step: 'choose' })
    if (method === 'POST') return this.#step(step ?? '', body)
    return { status: 200, body: this.verification }
  }

  #begin(body: Record<string, unknown>): Answer {
    this.verification = {
      id: 'ver_1',
      state: 'collecting',
      step: this.#first(),
      paths: this.paths,
      next: this.paths.flatMap(([first]) => (first ? [first] : [])),
      group: String(body['group']),
      subgroup: null,
      offer_id: null,
      customer: null,
      locale: String(body['locale']),
      given_up: [],
      expires_at: new Date(Date.now() + 7 * 86_400_000).toISOString(),
      errors: [],
    }
    return { status: 201, body: { ...this.verification, client_secret: 'secret-1' } }
  }

  /** The step that all paths begin with, or the choice of one. */
  #first(): Verification['step'] {
    const steps = this.paths.map(([first]) => first?.replace(/:.*/, '').replace('oidc', 'sso'))
    return (new Set(steps).size === 1 ? steps[0] : 'choose') as Verification['step']
  }

  #step(step: string, body: Record<string, unknown>): Answer {
    switch (step) {
      case 'email':
        if (!String(body['email']).endsWith('.edu')) return problem(422, 'email_not_eligible')
        return this.#moved({ state: 'challenged', step: 'email_code', resend_after: this.#in(30_000) })
      case 'email_code':
        if (body['code'] !== this.code) return problem(422, 'code_invalid', 'the code is wrong, 4 tries left')
        return this.#verified()
      case 'sso':
        return this.#moved({ state: 'challenged', step: 'sso', redirect_url: 'https://login.example/authorize' })
      case 'registry':
        return body['last_name'] === 'Near' ? this.#mock('REVIEW') : this.#verified()
      case 'remote':
        return this.#verified()
      case 'document':
        return this.#moved({ state: 'pending_review', step: 'pending', next: [] })
      case 'mock':
        return this.#mock(String(body['first_name']))
      default:
        return problem(404, 'not_found')
    }
  }

  #mock(name: string): Answer {
    switch (name) {
      case 'REJECTED':
        return this.#moved({ state: 'rejected', step: this.#first(), errors: [{ code: 'not_eligible', detail: 'refused' }] })
      case 'REVIEW':
        return this.#moved({ state: 'pending_review', step: 'pending' })
      case 'ERROR':
        return problem(503, 'unavailable')
      default:
        return this.#verified()
    }
  }

  /** institutions answers the next searches; the test says with what. */
  institutions: { data: { id: string; name: string }[]; next_cursor: string | null } = { data: [], next_cursor: null }

  #search(): Answer {
    return { status: 200, body: this.institutions }
  }

  #drop(document: string): Answer {
    const documents = this.verification?.documents?.filter((each) => each.id !== document) ?? []
    this.#moved({ documents, state: documents.length ? 'uploading' : 'collecting' })
    return { status: 200, body: { id: document, state: 'removed' } }
  }

  #verified(): Answer {
    const attestation = { id: 'att_1', subgroup: null, group: this.verification?.group ?? '', valid_until: this.#in(this.proofLife), renewable_from: this.#in(this.proofLife - 30 * 86_400_000) }
    return this.#moved({ state: 'verified', step: 'done', next: [], attestation })
  }

  #token(body: Record<string, unknown>): Answer {
    const wanted = this.storefront.offers.find((each) => each.id === body['offer_id'])
    if (!wanted) return problem(404, 'offer_not_found')
    const { id, name, benefit } = wanted
    const token = { token: 'eyJ.offer.token', code: 'ABCD-EFGH-JK', expires_at: this.#in(this.tokenLife), offer: { id, name, benefit } }
    return { status: 201, body: token }
  }

  #moved(change: Partial<Verification>): Answer {
    if (!this.verification) return problem(404, 'not_found')
    this.verification = { ...this.verification, ...change }
    return { status: 200, body: this.verification }
  }

  #in(milliseconds: number): string {
    return new Date(Date.now() + milliseconds).toISOString()
  }
}
