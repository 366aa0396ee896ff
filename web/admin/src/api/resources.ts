import { type Query, type Request, send } from './send'
import type * as t from './types'

const path = (...parts: string[]) => parts.map((part) => `/${encodeURIComponent(part)}`).join('')
const of = (store: string, ...parts: string[]) => path('stores', store, ...parts)

const get = <T>(at: string, query?: Query) => send<T>(query ? { method: 'GET', path: at, query } : { method: 'GET', path: at })
const page = <T>(at: string, query: Query) => get<t.Page<T>>(at, query)
const change = <T>(method: Exclude<Request['method'], 'GET'>, at: string, body?: unknown) => send<T>({ method, path: at, body })

/** Versioned is an input together with the version that it was read at. */
export type Versioned<T> = T & { version: number }

export const session = {
  read: () => get<t.Session>('/session'),
  open: (email: string, password: string) =>
    send<t.Session>({ method: 'POST', path: '/session', body: { email, password }, keyless: true }),
  close: () => send<void>({ method: 'DELETE', path: '/session', keyless: true }),
  password: (current: string, fresh: string) => change<void>('PUT', '/session/password', { current, new: fresh }),
}

export const stores = {
  list: (query: Query) => page<t.Store>('/stores', query),
  create: (input: t.NewStore) => change<t.Store>('POST', '/stores', input),
  read: (store: string) => get<t.Store>(of(store)),
  save: (store: string, input: Versioned<Partial<t.Store>>) => change<t.Store>('PATCH', of(store), input),
  overview: (store: string, days: number) => get<t.Overview>(of(store, 'overview'), { days }),
}

export const keys = {
  list: (store: string, query: Query) => page<t.ApiKey>(of(store, 'keys'), query),
  create: (store: string, input: t.NewKey) => change<t.CreatedKey>('POST', of(store, 'keys'), input),
  revoke: (store: string, id: string) => change<t.ApiKey>('POST', of(store, 'keys', id, 'revoke'), {}),
}

export const groups = {
  list: (store: string) => page<t.Group>(of(store, 'groups'), { limit: 100 }),
  create: (store: string, input: Omit<t.Group, 'custom'>) => change<t.Group>('POST', of(store, 'groups'), input),
}

export const policies = {
  list: (store: string, query: Query) => page<t.Policy>(of(store, 'policies'), query),
  read: (store: string, id: string) => get<t.Policy>(of(store, 'policies', id)),
  create: (store: string, input: t.PolicyInput) => change<t.Policy>('POST', of(store, 'policies'), input),
  save: (store: string, id: string, input: Versioned<t.PolicyInput>) => change<t.Policy>('PUT', of(store, 'policies', id), input),
  remove: (store: string, id: string) => change<void>('DELETE', of(store, 'policies', id)),
  /** check throws the problem that saving would throw, and changes nothing. */
  check: (store: string, input: t.PolicyInput) =>
    send<unknown>({ method: 'POST', path: of(store, 'policies', 'check'), body: input, keyless: true }),
}

export const providers = {
  list: (store: string, query: Query) => page<t.Provider>(of(store, 'providers'), query),
  read: (store: string, id: string) => get<t.Provider>(of(store, 'providers', id)),
  create: (store: string, input: t.ProviderInput) => change<t.Provider>('POST', of(store, 'providers'), input),
  save: (store: string, id: string, input: Versioned<Omit<t.ProviderInput, 'id'>>) =>
    change<t.Provider>('PUT', of(store, 'providers', id), input),
  remove: (store: string, id: string) => change<void>('DELETE', of(store, 'providers', id)),
}

export const packs = {
  list: (store: string, query: Query) => page<t.Pack>(of(store, 'data-packs'), query),
  read: (store: string, id: string) => get<t.Pack>(of(store, 'data-packs', id)),
  create: (store: string, input: t.PackContent & { name: string; affected?: t.Affected }) => change<t.Pack>('POST', of(store, 'data-packs'), input),
  save: (store: string, id: string, input: Versioned<t.PackContent & { affected?: t.Affected }>) => change<t.Pack>('PUT', of(store, 'data-packs', id), input),
  remove: (store: string, id: string) => change<void>('DELETE', of(store, 'data-packs', id)),
  /** preview tells what a change would do. It changes nothing. */
  preview: (store: string, input: t.PackPreview) => send<t.PackEffect>({ method: 'POST', path: of(store, 'data-packs', 'preview'), body: input, keyless: true }),
  versions: (store: string, id: string, query: Query) => page<t.PackVersion>(of(store, 'data-packs', id, 'versions'), query),
  compare: (store: string, id: string, version: number, from?: number) => get<t.PackComparison>(of(store, 'data-packs', id, 'versions', String(version)), { from }),
  domains: (store: string, id: string, query: Query) => page<t.PackEntry>(of(store, 'data-packs', id, 'domains'), query),
  rollBack: (store: string, id: string, input: { to: number; version: number; affected?: t.Affected }) =>
    change<t.PackEffect>('POST', of(store, 'data-packs', id, 'roll-back'), input),
  pin: (store: string, id: string, input: { version: number; affected?: t.Affected }) => change<t.PackEffect>('PUT', of(store, 'data-packs', id, 'pin'), input),
}

export const rosters = {
  list: (store: string, query: Query) => page<t.Roster>(of(store, 'rosters'), query),
  create: (store: string, input: t.RosterInput) => change<t.Roster>('POST', of(store, 'rosters'), input),
  save: (store: string, id: string, input: Versioned<Omit<t.RosterInput, 'id'>>) => change<t.Roster>('PUT', of(store, 'rosters', id), input),
  remove: (store: string, id: string) => change<void>('DELETE', of(store, 'rosters', id)),
}

export const remotes = {
  list: (store: string, query: Query) => page<t.Remote>(of(store, 'remote-verifiers'), query),
  read: (store: string, id: string) => get<t.Remote>(of(store, 'remote-verifiers', id)),
  create: (store: string, input: t.RemoteInput) => change<t.CreatedRemote>('POST', of(store, 'remote-verifiers'), input),
  save: (store: string, id: string, input: Versioned<Omit<t.RemoteInput, 'id'>>) => change<t.Remote>('PUT', of(store, 'remote-verifiers', id), input),
  rotate: (store: string, id: string, version: number) => change<t.CreatedRemote>('POST', of(store, 'remote-verifiers', id, 'rotate-secret'), { version }),
  remove: (store: string, id: string) => change<void>('DELETE', of(store, 'remote-verifiers', id)),
}

export const documents = {
  read: (store: string) => get<t.DocumentSettings>(of(store, 'document-settings')),
  save: (store: string, input: t.DocumentSettingsInput) => change<t.DocumentSettings>('PUT', of(store, 'document-settings'), input),
}

export const offers = {
  list: (store: string, query: Query) => page<t.Offer>(of(store, 'offers'), query),
  read: (store: string, id: string) => get<t.Offer>(of(store, 'offers', id)),
  create: (store: string, input: t.OfferInput) => change<t.Offer>('POST', of(store, 'offers'), input),
  save: (store: string, id: string, input: Versioned<t.OfferInput>) => change<t.Offer>('PUT', of(store, 'offers', id), input),
  versions: (store: string, id: string, query: Query) => page<t.OfferVersion>(of(store, 'offers', id, 'versions'), query),
  state: (store: string, id: string, input: Versioned<{ state: t.OfferState }>) =>
    change<t.Offer>('POST', of(store, 'offers', id, 'state'), input),
  /** attempt tells what an offer would do, saved or not. It writes nothing. */
  attempt: (store: string, trial: t.Trial) => send<t.Tried>({ method: 'POST', path: of(store, 'offers', 'try'), body: trial, keyless: true }),
  checkRule: (store: string, rule: string) =>
    send<t.RuleCheck>({ method: 'POST', path: of(store, 'offers', 'check-rule'), body: { rule }, keyless: true }),
}

export const pools = {
  read: (store: string, offer: string) => get<t.CodePool>(of(store, 'offers', offer, 'code-pool')),
  load: (store: string, offer: string, csv: string, query: { dry_run: boolean; threshold?: number }) =>
    send<t.PoolImport>({ method: 'POST', path: of(store, 'offers', offer, 'code-pool'), csv, query }),
  empty: (store: string, offer: string) => change<t.CodePool>('DELETE', of(store, 'offers', offer, 'code-pool')),
}

export const batches = {
  list: (store: string, offer: string, query: Query) => page<t.CodeBatch>(of(store, 'offers', offer, 'code-batches'), query),
  create: (store: string, offer: string, input: t.NewCodeBatch) => change<t.CodeBatch>('POST', of(store, 'offers', offer, 'code-batches'), input),
  revoke: (store: string, id: string) => change<t.CodeBatch>('POST', of(store, 'code-batches', id, 'revoke'), {}),
  /** file is where the browser downloads a batch's codes from. */
  file: (store: string, id: string) => `/v1/admin${of(store, 'code-batches', id, 'codes')}`,
}

export const program = {
  read: (store: string) => get<t.Program>(of(store, 'program')),
  save: (store: string, input: Versioned<t.ProgramInput>) => change<t.Program>('PUT', of(store, 'program'), input),
}

export const members = {
  list: (store: string, query: Query) => page<t.Member>(of(store, 'members'), query),
  read: (store: string, customer: string) => get<t.MemberDetail>(of(store, 'members', customer)),
  entries: (store: string, customer: string, query: Query) => page<t.Entry>(of(store, 'members', customer, 'entries'), query),
  adjust: (store: string, customer: string, input: t.Adjustment) =>
    change<unknown>('POST', of(store, 'members', customer, 'adjustments'), input),
}

export const verifications = {
  list: (store: string, query: Query) => page<t.Verification>(of(store, 'verifications'), query),
  read: (store: string, id: string) => get<t.VerificationDetail>(of(store, 'verifications', id)),
  end: (store: string, attestation: string, reason: string) =>
    change<unknown>('POST', of(store, 'attestations', attestation, 'end'), { reason }),
  explain: (store: string, id: string) => get<t.Explanation>(of(store, 'verifications', id, 'decisions')),
}

export const reviews = {
  list: (store: string, query: Query) => page<t.Review>(of(store, 'reviews'), query),
  queue: (store: string) => get<t.ReviewQueue>(of(store, 'review-queue')),
  reasons: (store: string) => get<{ data: t.ReviewReason[] }>(of(store, 'review-reasons')),
  /** read is a look that the audit log remembers. */
  read: (store: string, id: string) => get<t.ReviewFile>(of(store, 'reviews', id)),
  next: (store: string, group?: string) => change<t.Review>('POST', of(store, 'review-queue', 'next'), group ? { group } : {}),
  claim: (store: string, id: string) => change<t.Review>('POST', of(store, 'reviews', id, 'claim'), {}),
  release: (store: string, id: string) => change<t.Review>('POST', of(store, 'reviews', id, 'release'), {}),
  documents: (store: string, id: string) => page<t.ReviewDocument>(of(store, 'reviews', id, 'documents'), { limit: 100 }),
  /** alikes is a look that the audit log remembers. */
  alikes: (store: string, id: string, document: string) => page<t.LookAlike>(of(store, 'reviews', id, 'documents', document, 'look-alikes'), { limit: 100 }),
  /** picture is where the browser reads a page of a document from; each reading is in the audit log. */
  picture: (store: string, id: string, document: string, number: number) => `/v1/admin${of(store, 'reviews', id, 'documents', document)}?page=${number}`,
  decide: (store: string, id: string, ruling: t.Ruling) => change<t.Ruled>('POST', of(store, 'reviews', id, 'decision'), ruling),
}

export const frauds = {
  list: (store: string, query: Query) => page<t.FraudCase>(of(store, 'frauds'), query),
  read: (store: string, attestation: string) => get<t.Fraud>(of(store, 'attestations', attestation, 'fraud')),
  label: (store: string, attestation: string, input: t.FraudLabelling) => change<t.FraudCase>('POST', of(store, 'attestations', attestation, 'fraud'), input),
}

export const support = {
  verify: (store: string, input: t.Override) => change<t.Supported>('POST', of(store, 'verifications'), input),
  resend: (store: string, verification: string, reason: string) => change<t.Supported>('POST', of(store, 'verifications', verification, 'resend'), { reason }),
  reset: (store: string, verification: string, reason: string) =>
    change<{ windows: number }>('POST', of(store, 'verifications', verification, 'limits', 'reset'), { reason }),
  move: (store: string, attestation: string, input: t.Moving) => change<t.Attestation>('POST', of(store, 'attestations', attestation, 'move'), input),
}

export const privacy = {
  list: (store: string, query: Query) => page<t.PrivacyRequest>(of(store, 'privacy', 'requests'), query),
  read: (store: string, id: string) => get<t.PrivacyRequest>(of(store, 'privacy', 'requests', id)),
  erase: (store: string, customer: string) => change<t.PrivacyRequest>('POST', of(store, 'privacy', 'erasures'), { customer, confirm: true }),
  /** part is one part of what is kept about a shopper; the first is in the audit log. */
  part: (store: string, customer: string, cursor?: string) => get<t.RecordPage>(of(store, 'privacy', 'customers', customer, 'data'), { cursor }),
  retention: (store: string) => get<t.Retention>(of(store, 'privacy', 'retention')),
  setRetention: (store: string, input: Versioned<{ days: Record<string, number> }>) => change<unknown>('PUT', of(store, 'privacy', 'retention'), input),
}

export const redemptions = {
  list: (store: string, query: Query) => page<t.Redemption>(of(store, 'redemptions'), query),
  read: (store: string, id: string) => get<t.RedemptionDetail>(of(store, 'redemptions', id)),
}

export const webhooks = {
  list: (store: string, query: Query) => page<t.Webhook>(of(store, 'webhooks'), query),
  read: (store: string, id: string) => get<t.Webhook>(of(store, 'webhooks', id)),
  create: (store: string, input: t.WebhookInput) => change<t.CreatedWebhook>('POST', of(store, 'webhooks'), input),
  save: (store: string, id: string, input: t.WebhookInput & { version: number; state: t.Webhook['state'] }) =>
    change<t.Webhook>('PUT', of(store, 'webhooks', id), input),
  remove: (store: string, id: string) => change<void>('DELETE', of(store, 'webhooks', id)),
  deliveries: (store: string, id: string, query: Query) => page<t.Delivery>(of(store, 'webhooks', id, 'deliveries'), query),
  replay: (store: string, delivery: string) => change<unknown>('POST', of(store, 'webhook-deliveries', delivery, 'replay'), {}),
  delivery: (store: string, delivery: string) => get<t.DeliveryDetail>(of(store, 'webhook-deliveries', delivery)),
  replayRange: (store: string, id: string, range: t.ReplayRange) => change<t.Replayed>('POST', of(store, 'webhooks', id, 'replay'), range),
  rotate: (store: string, id: string, overlapHours: number) =>
    change<t.CreatedWebhook>('POST', of(store, 'webhooks', id, 'rotate-secret'), { overlap_hours: overlapHours }),
  test: (store: string, id: string) => change<t.Delivery>('POST', of(store, 'webhooks', id, 'test'), {}),
}

export const shopify = {
  read: (store: string) => get<t.Shopify>(of(store, 'integrations', 'shopify')),
  connect: (store: string, input: t.ShopifyInput) => change<t.Shopify>('PUT', of(store, 'integrations', 'shopify'), input),
  disconnect: (store: string) => change<void>('DELETE', of(store, 'integrations', 'shopify')),
}

export const audit = {
  list: (store: string, query: Query) => page<t.AuditEvent>(of(store, 'audit'), query),
}

export const people = {
  list: (store: string, query: Query) => page<t.Person>(of(store, 'people'), query),
  add: (store: string, input: { email: string; name: string; role: t.Role }) =>
    change<t.CreatedPerson>('POST', of(store, 'people'), input),
  role: (store: string, id: string, role: t.Role) => change<t.Person>('PUT', of(store, 'people', id), { role }),
  remove: (store: string, id: string) => change<void>('DELETE', of(store, 'people', id)),
}
