import { type Answer, type Call, type Rule, one, page, refuse, ruleFor } from './answers'
import * as data from './data'
import { noProofs, proofRules } from './proofRules'

export type { Answer, Call } from './answers'
export { refuse } from './answers'

const find = <T>(rows: readonly T[], match: (row: T) => boolean): Answer => one(rows.find(match))
const byId = (rows: readonly { id: string }[]): Rule => (_, id) => find(rows, (row) => row.id === id)

const empty = () => page([])
const none: Record<string, Rule> = {
  ...noProofs,
  'GET keys': empty,
  'GET policies': empty,
  'GET providers': empty,
  'GET offers': empty,
  'GET members': empty,
  'GET verifications': empty,
  'GET redemptions': empty,
  'GET webhooks': empty,
  'GET audit': empty,
  'GET program': () => refuse(404, 'program_missing', 'The store has no program.'),
  'GET overview': () => ({
    status: 200,
    body: {
      ...data.overview,
      ...{ verified: 0, issued: 0, redeemed: 0, refunded: 0, points_liability: 0, members: 0, verified_by_group: [], refused: [], series: [] },
      discount: { amount: 0, currency: 'EUR' },
      revenue: { amount: 0, currency: 'EUR' },
    },
  }),
}

const rules: Record<string, Rule> = {
  ...proofRules,
  'GET overview': () => one(data.overview),
  'GET keys': () => page(data.keys),
  'POST keys': ({ body }) => ({ status: 201, body: { key: { ...data.keys[1], ...(body as object), id: 'key_9' }, plain: 'sk_test_S3cr3tThatIsShownOnce' } }),
  'POST keys/:id/revoke': (_, id) => one({ ...data.keys.find((key) => key.id === id), revoked_at: '2026-11-21T10:00:00Z' }),
  'GET groups': () => page(data.groups),
  'POST groups': ({ body }) => ({ status: 201, body: { ...(body as object), custom: true } }),
  'GET policies': () => page(data.policies),
  'GET policies/:id': byId(data.policies),
  'POST policies': ({ body }) => ({ status: 201, body: { ...data.policies[0], ...(body as object) } }),
  'PUT policies/:id': ({ body }, id) => one({ ...(body as object), id, version: 3 }),
  'DELETE policies/:id': () => ({ status: 204 }),
  'POST policies/check': ({ body }) => check(body as { paths: string[][] }),
  'GET providers': () => page(data.providers),
  'GET providers/:id': byId(data.providers),
  'POST providers': ({ body }) => ({ status: 201, body }),
  'PUT providers/:id': ({ body }, id) => one({ ...data.providers[0], ...(body as object), id, version: 2 }),
  'GET offers': () => page(data.offers),
  'GET offers/:id': byId(data.offers),
  'POST offers': ({ body }) => ({ status: 201, body: { ...data.offers[0], ...(body as object), id: 'off_1' } }),
  'PUT offers/:id': ({ body }, id) => one({ ...data.offers[0], ...(body as object), id, version: 3 }),
  'GET offers/:id/versions': () => page(data.offerVersions),
  'POST offers/try': () => one(data.tried),
  'POST offers/check-rule': ({ body }) => one(checkRule((body as { rule: string }).rule)),
  'GET offers/:id/code-pool': () => one(data.codePool),
  'POST offers/:id/code-pool': ({ path, body }) => one(loadCodes(String(body), path.includes('dry_run=true'))),
  'DELETE offers/:id/code-pool': () => one({ ...data.codePool, free: 0 }),
  'GET offers/:id/code-batches': () => page(data.codeBatches),
  'POST offers/:id/code-batches': ({ body }) => ({ status: 201, body: { ...data.codeBatches[0], ...(body as object), id: 'cbt_9' } }),
  'POST code-batches/:id/revoke': (_, id) => one({ ...data.codeBatches.find((batch) => batch.id === id), revoked_at: '2026-11-21T10:00:00Z' }),
  'GET integrations/shopify': () => refuse(404, 'not_found', 'The store has no Shopify shop.'),
  'PUT integrations/shopify': ({ body }) => one({ ...data.shopify, shop: (body as { shop: string }).shop }),
  'DELETE integrations/shopify': () => ({ status: 204 }),
  'POST offers/:id/state': ({ body }, id) => one({ ...data.offers.find((offer) => offer.id === id), ...(body as object) }),
  'GET program': () => one(data.program),
  'PUT program': ({ body }) => one({ ...(body as object), version: 5 }),
  'GET members': () => page(data.members),
  'GET members/:id': (_, id) => find(data.members, (member) => member.customer === id),
  'GET members/:id/entries': () => page(data.entries),
  'POST members/:id/adjustments': (_, id) => find(data.members, (member) => member.customer === id),
  'GET verifications': ({ path }) => {
    const state = new URLSearchParams(path.split('?')[1]).get('state')
    return page(data.verifications.filter((v) => !state || v.state === state))
  },
  'GET verifications/:id': byId(data.verifications),
  'POST attestations/:id/end': () => ({ status: 200, body: {} }),
  'GET redemptions': () => page(data.redemptions),
  'GET redemptions/:id': byId(data.redemptions),
  'GET webhooks': () => page(data.webhooks),
  'GET webhooks/:id': byId(data.webhooks),
  'POST webhooks': ({ body }) => ({ status: 201, body: { webhook: { ...data.webhooks[0], ...(body as object) }, secret: 'whsec_shownOnce' } }),
  'PUT webhooks/:id': ({ body }) => one({ ...data.webhooks[0], ...(body as object) }),
  'GET webhooks/:id/deliveries': () => page(data.deliveries),
  'POST webhook-deliveries/:id/replay': () => ({ status: 200, body: data.deliveries[0] }),
  'GET webhook-deliveries/:id': (_, id) => one({ ...data.delivery, ...data.deliveries.find((d) => d.id === id) }),
  'POST webhooks/:id/replay': () => one({ replayed: 17, more: false }),
  'POST webhooks/:id/rotate-secret': () => one({ webhook: data.webhooks[0], secret: 'whsec_theNextOne' }),
  'POST webhooks/:id/test': () => ({ status: 201, body: { ...data.deliveries[1], event_type: 'webhook.test', state: 'waiting', attempts: 0 } }),
  'GET audit': () => page(data.audit),
  'GET people': () => page(data.people),
  'POST people': ({ body }) => ({ status: 201, body: { person: { id: 'per_9', ...(body as object) }, password: 'correct-horse-battery' } }),
  'PUT people/:id': ({ body }, id) => one({ ...data.people.find((person) => person.id === id), ...(body as object) }),
  'DELETE people/:id': () => ({ status: 204 }),
}

/** checkRule finds one misspelt name, as the compiler words it. */
function checkRule(rule: string) {
  const errors = rule.split('\n').flatMap((text, i) => {
    const column = text.indexOf('subtotl') + 1
    return column ? [{ line: i + 1, column, detail: `line ${i + 1}, column ${column}: undefined field 'subtotl'` }] : []
  })
  return { ok: errors.length === 0, errors, variables: data.ruleVariables }
}

function loadCodes(csv: string, dry: boolean) {
  const lines = csv.split('\n').map((text, i) => ({ line: i + 1, text }))
  const codes = lines.filter(({ text }) => text && text !== 'code').length
  const errors = lines.filter(({ text }) => !text).map(({ line }) => ({ line, detail: 'is empty' }))
  return { dry_run: dry, imported: codes, repeated: 0, known: 0, invalid: errors.length, errors, pool: data.codePool }
}

function check({ paths }: { paths: string[][] }): Answer {
  const errors = paths.flatMap((path, i) => (path.length ? [] : [{ pointer: `#/paths/${i}`, detail: 'a path has from 1 to 5 requirements' }]))
  return errors.length ? refuse(422, 'policy_unsound', 'The policy is unsound: correct the parts that are pointed at.', errors) : one({ sound: true })
}

/** Gateway answers like the real one, from memory, and remembers what it was asked. Tests change single answers. */
export class Gateway {
  readonly calls: Call[] = []
  session: typeof data.session | null = data.session
  private readonly changed = new Map<string, Rule>()

  /** on changes the answer to one operation, named like "PUT offers/:id" (in a store) or "POST /stores". */
  on(operation: string, rule: Rule): void {
    this.changed.set(operation, rule)
  }

  /** answer is what the gateway says to a call. */
  answer(call: Call): Answer {
    this.calls.push(call)
    const path = call.path.split('?')[0] ?? ''
    const special = this.changed.get(`${call.method} ${path}`)
    if (special) return special(call, '')
    if (path === '/session') return this.signing(call)
    if (!this.session) return refuse(401, 'unauthenticated', 'Sign in first.')
    if (path === '/session/password') return { status: 204 }
    if (path === '/stores') return call.method === 'GET' ? page(data.stores) : { status: 201, body: { ...data.stores[1], ...(call.body as object), id: data.bare } }
    const [, , store = '', ...rest] = path.split('/').map(decodeURIComponent)
    return this.inStore(call, store, rest)
  }

  private signing(call: Call): Answer {
    if (call.method === 'DELETE') this.session = null
    if (call.method === 'POST') {
      if ((call.body as { password: string }).password === 'wrong') return refuse(401, 'sign_in_failed', 'No.')
      this.session = data.session
    }
    if (call.method === 'DELETE') return { status: 204 }
    return this.session ? one(this.session) : refuse(401, 'unauthenticated', 'Sign in first.')
  }

  private inStore(call: Call, store: string, parts: string[]): Answer {
    if (parts.length === 0) return call.method === 'GET' ? find(data.stores, (s) => s.id === store) : one({ ...data.stores[0], ...(call.body as object), version: 4 })
    for (const table of [Object.fromEntries(this.changed), store === data.bare ? none : {}, rules]) {
      const found = ruleFor(table, call.method, parts)
      if (found) return found.rule(call, found.id)
    }
    return refuse(404, 'not_found', 'There is no such operation.')
  }

  /** fetch stands in for the browser's. */
  readonly fetch: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers)
    const { status, body } = this.answer({
      method: init?.method ?? 'GET',
      path: String(input).replace(/^.*\/v1\/admin/, ''),
      body: typeof init?.body !== 'string' ? undefined : headers.get('Content-Type') === 'text/csv' ? init.body : JSON.parse(init.body),
      key: headers.get('Idempotency-Key'),
    })
    return new Response(body === undefined ? null : JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
  }
}
