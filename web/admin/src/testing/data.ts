import type * as t from '../api/types'
import { trail } from './proof'

const at = '2026-11-20T09:15:00Z'
const born = '2026-10-01T08:00:00Z'

/** store is the id of the store that the mock gateway knows best; bare is one where nothing has been set up. */
export const store = 'sto_books'
export const bare = 'sto_fresh'

/** session is who is signed in, unless a test says otherwise. */
export const session: t.Session = {
  person: { id: 'per_1', email: 'ada@shop.example', name: 'Ada Lovelace', operator: true, locale: 'en', must_change_password: false },
  stores: [
    { id: store, name: 'Books & more', mode: 'test', role: 'owner' },
    { id: bare, name: 'Fresh store', mode: 'live', role: 'owner' },
  ],
}

const consent: t.Store['consent'] = {
  version: '1',
  text: { en: 'We check your status once and keep only the result.', de: 'Wir prüfen Ihren Status einmal und behalten nur das Ergebnis.' },
  marketing_text: { en: 'Tell me about offers.' },
  privacy_url: 'https://shop.example/privacy',
}

export const stores: t.Store[] = [
  { id: store, version: 3, name: 'Books & more', mode: 'test', currency: 'USD', timezone: 'Europe/Berlin', origins: ['https://shop.example'], locales: ['en', 'de'], theme: {}, consent, token_algorithm: 'ES256', fraud: { reverse_points: false }, mail: {}, created_at: born, updated_at: at },
  { id: bare, version: 1, name: 'Fresh store', mode: 'live', currency: 'EUR', timezone: 'UTC', origins: [], locales: ['en'], theme: {}, consent: { ...consent, text: {}, marketing_text: {}, privacy_url: '' }, token_algorithm: 'ES256', fraud: { reverse_points: false }, mail: {}, created_at: at, updated_at: at },
]

const days = Array.from({ length: 30 }, (_, i): t.OverviewDay => {
  const wave = Math.round(14 + 8 * Math.sin(i / 4) + (i % 7 === 0 ? -6 : i / 3))
  return { day: new Date(Date.UTC(2026, 9, 23 + i)).toISOString().slice(0, 10), verified: wave, redeemed: Math.round(wave * 0.6), discount: wave * 640 }
})

export const overview: t.Overview = {
  verified: 412,
  verified_by_group: [
    { group: 'student', count: 268 },
    { group: 'healthcare', count: 71 },
    { group: 'teacher', count: 48 },
    { group: 'military', count: 25 },
  ],
  issued: 380,
  redeemed: 205,
  refunded: 4,
  discount: { amount: 284_350, currency: 'USD' },
  revenue: { amount: 1_942_800, currency: 'USD' },
  refused: [
    { reason: 'email_not_eligible', count: 31 },
    { reason: 'already_verified', count: 9 },
    { reason: 'tries_exhausted', count: 5 },
  ],
  points_liability: 81_200,
  members: 310,
  series: days,
}

export const keys: t.ApiKey[] = [
  { id: 'key_1', kind: 'publishable', name: 'Web shop', hint: 'x7Qa', scopes: [], plain: 'pk_test_8fJ2kLm90QwErTyUx7Qa', created_at: born, revoked_at: null },
  { id: 'key_2', kind: 'secret', name: 'Checkout', hint: '9KdP', scopes: ['checkout:read', 'checkout:write'], created_at: born, revoked_at: null },
  { id: 'key_3', kind: 'secret', name: 'Old checkout', hint: 'aa01', scopes: [], created_at: born, revoked_at: at },
]

const sub = (subgroup: string, en: string, de: string): t.Subgroup => ({ subgroup, label: { en, de } })

export const groups: t.Group[] = [
  { group: 'student', label: { en: 'Students', de: 'Studierende' }, subgroups: [sub('university', 'University', 'Hochschule'), sub('high_school', 'High school', 'Schule')], custom: false },
  { group: 'teacher', label: { en: 'Teachers', de: 'Lehrkräfte' }, subgroups: [sub('k12', 'School (K-12)', 'Schule')], custom: false },
  { group: 'military', label: { en: 'Military', de: 'Militär' }, subgroups: [sub('veteran', 'Veterans', 'Veteraninnen und Veteranen')], custom: false },
  { group: 'healthcare', label: { en: 'Healthcare workers', de: 'Gesundheitsberufe' }, subgroups: [sub('nurse', 'Nurses', 'Pflegekräfte')], custom: false },
  { group: 'book_club', label: { en: 'Book club' }, subgroups: [], custom: true },
]

export const policies: t.Policy[] = [
  { id: 'pol_1', version: 2, group: 'student', subgroup: 'university', paths: [['oidc:demo-university'], ['email']], validity_days: 365, valid_until: '09-30', created_at: born, updated_at: at },
  { id: 'pol_2', version: 1, group: 'military', paths: [['email', 'mock']], validity_days: 730, created_at: born, updated_at: at },
]

export const providers: t.Provider[] = [
  {
    id: 'demo-university',
    version: 1,
    name: 'Demo University',
    issuer: 'https://login.demo-university.example',
    client_id: 'laurel',
    has_secret: true,
    scopes: ['email', 'profile'],
    claims: [{ name: 'affiliation', claim: 'eduperson_affiliation', type: 'strings' }],
    rules: [{ when: '"student" in affiliation', group: 'student', subgroup: 'university' }],
  },
]

const description = { en: 'For everybody who studies.', de: 'Für alle, die studieren.' }

export const offers: t.Offer[] = [
  { id: 'off_1', version: 2, state: 'live', name: '20 % for students', description, group: 'student', benefit: { type: 'percentage', basis_points: 2000, maximum: 5000 }, minimum_order: 2500, rule: 'cart.quantity >= 2 &&\n  cart.lines.exists(l, "books" in l.categories)', limits: { per_person: 1, periods: [{ by: 'customer', uses: 1, calendar: 'month' }], budget: { amount: 500_000, currency: 'USD', restore: true } }, token_seconds: 600, ends_at: '2026-12-31T22:59:00Z', created_at: born, updated_at: at },
  { id: 'off_2', version: 1, state: 'paused', name: 'Thank you, teachers', group: 'teacher', benefit: { type: 'fixed_amount', amount: 1000, currency: 'USD' }, limits: { total: 500, per_person: 1 }, token_seconds: 900, created_at: born, updated_at: at },
  { id: 'off_3', version: 1, state: 'draft', name: 'We ship for nurses', group: 'healthcare', subgroup: 'nurse', benefit: { type: 'free_shipping' }, limits: {}, token_seconds: 600, created_at: at, updated_at: at },
]

export const offerVersions: t.OfferVersion[] = [2, 1].map((version) => ({
  version,
  actor: 'per_1',
  created_at: version === 2 ? at : born,
  offer: { name: '20 % for students', state: 'live', group: 'student', benefit: { type: 'percentage', basis_points: version * 1000, ...(version === 1 ? { maximum: 2000 } : {}) }, limits: { per_person: 1 }, token_seconds: 600, ...(version === 2 ? { rule: 'cart.quantity >= 2' } : {}) },
}))

export const program: t.Program = {
  version: 4,
  updated_at: at,
  name: 'Laurels',
  earn: [
    { currency: 'USD', points: 1, per_amount: 100 },
    { currency: 'EUR', points: 1, per_amount: 100 },
  ],
  pending_days: 14,
  expires_after_days: 365,
  window: { type: 'rolling', days: 365 },
  tiers: [
    { id: 'bronze', name: 'Bronze', threshold: 0 },
    { id: 'silver', name: 'Silver', threshold: 500 },
    { id: 'gold', name: 'Gold', threshold: 2000 },
  ],
}

export const members: t.MemberDetail[] = ['c-1001', 'c-1002', 'c-1003'].map((customer, i) => ({
  id: `mem_${i}`,
  customer,
  balance: { available: 1240 - i * 380, pending: i * 40, debt: i === 2 ? 12 : 0 },
  tier: { id: 'silver', name: 'Silver' },
  next_tier: { name: 'Gold', missing: 760 + i * 380 },
  tier_since: born,
  qualifying: 1240,
  created_at: born,
  head: { seq: 3, hash: '9f2c61d0a4b7e8835512c7d09e4f8a6b9f2c61d0a4b7e8835512c7d09e4f8a6b' },
  lots: [
    { id: 'lot_1', source: { type: 'order', id: 'o-2041', line: 'l1' }, granted: 900, remaining: 840, pending: false, activates_at: born, expires_at: '2027-10-01T08:00:00Z' },
    { id: 'lot_2', source: { type: 'adjustment', id: 'ticket-77' }, granted: 400, remaining: 400, pending: false, activates_at: at, expires_at: null },
  ],
}))

export const entries: t.Entry[] = [
  { id: 'ent_3', seq: 3, kind: 'adjust', points: 400, from: 'program', to: 'available', source: { type: 'adjustment', id: 'ticket-77' }, reason: 'parcel came late', occurred_at: at, recorded_at: at },
  { id: 'ent_2', seq: 2, kind: 'spend', points: 60, from: 'available', to: 'redeemed', source: { type: 'reward', id: 'rw-1' }, occurred_at: at, recorded_at: at },
  { id: 'ent_1', seq: 1, kind: 'earn', points: 900, from: 'program', to: 'available', source: { type: 'order', id: 'o-2041', line: 'l1' }, occurred_at: born, recorded_at: born },
]

const states: t.VerificationDetail['state'][] = ['verified', 'challenged', 'failed', 'verified', 'expired']

export const verifications: t.VerificationDetail[] = states.map((state, i) => ({
  id: `ver_${i + 1}`,
  state,
  group: i % 2 ? 'teacher' : 'student',
  subgroup: i % 2 ? '' : 'university',
  offer_id: 'off_1',
  customer: i === 2 ? '' : `c-100${i + 1}`,
  created_at: at,
  updated_at: at,
  step: state === 'challenged' ? 'email_code' : 'done',
  paths: [['oidc:demo-university'], ['email']],
  met: state === 'verified' ? ['email'] : [],
  given_up: state === 'verified' ? [{ step: 'sso', requirement: 'oidc:demo-university', at }] : [],
  errors: state === 'failed' ? [{ code: 'tries_exhausted', detail: 'The code was wrong five times.' }] : [],
  evidence:
    state === 'verified'
      ? [{ id: 'evd_1', requirement: 'email', classes: ['possession', 'assertion'], organisation: 'mit.edu', facts: { pack: 'swot 2026-10' }, created_at: at }]
      : [],
  ...(state === 'verified'
    ? {
        attestation: { id: `att_${i + 1}`, group: 'student', subgroup: 'university', customer: `c-100${i + 1}`, state: 'active', valid_until: '2027-09-30T00:00:00Z', ended_at: null, end_reason: '' },
      }
    : {}),
  signals: state === 'verified' ? { shared_network: 3 } : {},
  trail,
  ...(state === 'failed' ? { appeal: { at, of: [{ code: 'tries_exhausted', detail: 'The code was wrong five times.' }], state: 'pending' as const, decided_at: null } } : {}),
  policy_id: 'pol_1',
  policy_version: 2,
  locale: 'en',
  country: 'US',
  consent: { version: '1', marketing: false, at },
  expires_at: '2026-11-27T09:15:00Z',
}))

const findings: t.Finding[] = [
  { condition: 'state', saw: 'live', wants: 'live', holds: true },
  { condition: 'dates', saw: '2026-11-20T09:15:00Z', wants: 'before 2026-12-31T22:59:00Z', holds: true },
  { condition: 'exclusive', saw: 'no other offer', wants: 'no other offer that is exclusive', holds: true },
  { condition: 'per_order', saw: '0', wants: 'less than 1', holds: true },
  { condition: 'minimum_order', saw: '6500', wants: 'at least 2500', holds: true },
  {
    condition: 'rule',
    saw: 'true',
    wants: 'cart.quantity >= 2 && cart.lines.exists(l, "books" in l.categories)',
    holds: true,
    rule: [
      { condition: 'cart.quantity >= 2', saw: [{ name: 'cart.quantity', value: '4' }], holds: true },
      { condition: 'cart.lines.exists(l, "books" in l.categories)', saw: [{ name: 'cart.lines', value: '2 lines' }], holds: true },
    ],
  },
  { condition: 'benefit', saw: '1300', wants: 'something to give', holds: true },
]

export const tried: t.Tried = {
  applies: false,
  reason: 'rule_not_met',
  amount: 0,
  allocations: [],
  gifts: [],
  points: 50,
  totals: { subtotal: 5000, discount: 0, shipping: 0, total: 5000 },
  trace: findings.slice(0, -1).map((f) =>
    f.condition === 'rule' ? { ...f, holds: false, rule: f.rule?.map((part, i) => (i ? part : { ...part, saw: [{ name: 'cart.quantity', value: '1' }], holds: false })) ?? [] } : f,
  ),
}

export const ruleVariables: t.RuleVariable[] = [
  { name: 'cart.currency', type: 'string', doc: 'ISO 4217 code of every amount' },
  { name: 'cart.subtotal', type: 'int', doc: 'the lines before discounts, in minor units' },
  { name: 'cart.quantity', type: 'int', doc: 'units of all lines' },
  { name: 'Line.categories', type: 'list(string)', doc: 'what the article is' },
  { name: 'member.tier', type: 'string', doc: 'the id of the tier now' },
  { name: 'now', type: 'timestamp', doc: "the store's time" },
]

export const codePool: t.CodePool = { free: 950, given: 50, threshold: 100, low: false, imported_at: born }

export const codeBatches: t.CodeBatch[] = [
  { id: 'cbt_1', offer_id: 'off_1', offer_version: 2, note: 'Postcards, spring', count: 1000, used: 12, left: 988, created_by: 'per_1', created_at: at, expires_at: '2027-03-01T00:00:00Z', revoked_at: null },
  { id: 'cbt_2', offer_id: 'off_1', offer_version: 1, note: 'Fair in Leipzig', count: 200, used: 41, left: 0, created_by: 'per_1', created_at: born, expires_at: '2027-03-01T00:00:00Z', revoked_at: at },
]

export const shopify: t.Shopify = { shop: 'books.myshopify.com', api_version: '2026-07', currency: 'USD', webhook_path: `/v1/integrations/shopify/${store}/webhooks`, created_at: born, updated_at: at }

export const redemptions: t.RedemptionDetail[] = ['o-2041', 'o-2040'].map((order, i) => ({
  id: `rdm_${i + 1}`,
  order_id: order,
  order_ref: `attempt-${i + 1}`,
  customer: 'c-1001',
  state: i ? 'partially_refunded' : 'redeemed',
  currency: 'USD',
  applied: [
    { offer_id: 'off_1', offer_version: 2, amount: 1300, method: 'across', allocations: [{ line_id: 'l1', amount: 1000 }, { line_id: 'l2', amount: 300 }] },
    { offer_id: 'off_3', offer_version: 1, amount: 499, method: 'across', allocations: [{ target: 'shipping', amount: 499 }] },
  ],
  totals: { subtotal: 6500, discount: 1799, shipping: 499, total: 5200 },
  points: 52,
  created_at: at,
  updated_at: at,
  lines: [
    { line_id: 'l1', sku: 'atlas-of-trees', quantity: 1, unit_amount: 5000, categories: ['books'] },
    { line_id: 'l2', sku: 'pencil-set', quantity: 3, unit_amount: 500, categories: [] },
  ],
  trace: [
    { offer_id: 'off_1', offer_version: 2, applied: true, conditions: findings },
    { offer_id: 'off_3', offer_version: 1, applied: true, conditions: [{ condition: 'state', saw: 'live', wants: 'live', holds: true }, { condition: 'benefit', saw: '499', wants: 'something to give', holds: true }] },
  ],
  refunds: i ? [{ refund_id: 'rfd_1', refund_ref: 'r-1', discount_reversed: 300, points_reversed: 12, created_at: at }] : [],
}))

export const webhooks: t.Webhook[] = [
  { id: 'whk_1', url: 'https://shop.example/hooks/laurel', description: 'Order service', events: ['redemption.created', 'redemption.refunded'], state: 'enabled', failures: 0, created_at: born, updated_at: at, version: 1, disabled_reason: null, failing_since: null, old_secret_until: null },
]

export const deliveries: t.Delivery[] = [
  { id: 'dlv_2', event_id: 'evt_2', event_type: 'redemption.refunded', state: 'failed', attempts: 5, last_status: 503, last_error: 'the endpoint answered 503', next_at: at, created_at: at },
  { id: 'dlv_1', event_id: 'evt_1', event_type: 'redemption.created', state: 'delivered', attempts: 1, last_status: 204, last_error: '', next_at: at, created_at: at },
]

export const delivery: t.DeliveryDetail = {
  ...deliveries[0]!,
  webhook_id: 'whk_1',
  payload: { type: 'redemption.refunded', timestamp: at, data: { redemption_id: 'rdm_2', order_id: 'o-2040' } },
  tries: [
    { id: 'try_2', status: 503, error: 'the endpoint answered 503', took_ms: 41, created_at: at },
    { id: 'try_1', status: 0, error: 'no answer in time', took_ms: 15_000, created_at: born },
  ],
}

export const audit: t.AuditEvent[] = [
  { id: 'aud_2', actor: 'per_1', action: 'offer.updated', target: 'off_1', changes: { before: { benefit: { basis_points: 1000 } }, after: { benefit: { basis_points: 2000 } } }, request_id: 'req_2', created_at: at },
  { id: 'aud_1', actor: 'per_1', action: 'key.created', target: 'key_1', changes: { after: { name: 'Web shop' } }, request_id: 'req_1', created_at: born },
]

export const people: t.Person[] = [
  { id: 'per_1', email: 'ada@shop.example', name: 'Ada Lovelace', role: 'owner' },
  { id: 'per_2', email: 'grace@shop.example', name: 'Grace Hopper', role: 'support' },
]
