/** Role is what a person may do in a store. */
export type Role = 'owner' | 'marketer' | 'reviewer' | 'analyst' | 'support'
/** Mode is fixed when a store is made. */
export type Mode = 'test' | 'live'
/** Texts are one text by language: {"en": "Students"}. */
export type Texts = Record<string, string>

/** Page is one page of a list; next_cursor is null on the last one. */
export interface Page<T> {
  data: T[]
  next_cursor: string | null
}

export interface SessionPerson {
  id: string
  email: string
  name: string
  operator: boolean
  locale: string
  /** must_change_password is true after a one-time password: nothing else is allowed before it is changed. */
  must_change_password: boolean
}

export interface SessionStore {
  id: string
  name: string
  mode: Mode
  role: Role
}

export interface Session {
  person: SessionPerson
  stores: SessionStore[]
}

export interface Consent {
  version: string
  text: Texts
  marketing_text?: Texts
  privacy_url?: string
}

export interface Store {
  id: string
  version: number
  name: string
  mode: Mode
  currency: string
  timezone: string
  origins: string[]
  locales: string[]
  theme: Texts
  consent: Consent
  created_at: string
  updated_at: string
}

export interface NewStore {
  name: string
  mode: Mode
  currency: string
  timezone: string
}

export interface Amount {
  amount: number
  currency: string
}

export interface OverviewDay {
  day: string
  verified: number
  redeemed: number
  discount: number
}

export interface Overview {
  verified: number
  verified_by_group: { group: string; count: number }[]
  issued: number
  redeemed: number
  refunded: number
  discount: Amount
  revenue: Amount
  refused: { reason: string; count: number }[]
  points_liability: number
  members: number
  series: OverviewDay[]
}

export type KeyKind = 'publishable' | 'secret'

export interface ApiKey {
  id: string
  kind: KeyKind
  name: string
  hint: string
  /** plain is there for publishable keys only; a secret key is shown once, when it is made. */
  plain?: string
  created_at: string
  revoked_at: string | null
}

export interface CreatedKey {
  key: ApiKey
  plain: string
}

export interface Subgroup {
  subgroup: string
  label: Texts
}

export interface Group {
  group: string
  label: Texts
  subgroups: Subgroup[]
  custom: boolean
}

export interface PolicyInput {
  group: string
  subgroup: string
  paths: string[][]
  validity_days: number
  /** valid_until is a date (2027-09-30) or a day of the year (09-30); whichever comes first counts. */
  valid_until: string
  accept_self_declared: boolean
}

export interface Policy extends Pick<PolicyInput, 'group' | 'paths'>, Partial<Omit<PolicyInput, 'group' | 'paths'>> {
  id: string
  version: number
  created_at: string
  updated_at: string
}

export interface ProviderRule {
  when: string
  group: string
  subgroup?: string
}

export type ClaimType = 'string' | 'strings' | 'bool' | 'int'

export interface ProviderClaim {
  name: string
  /** claim is what the provider calls it; empty for the same. */
  claim?: string
  type: ClaimType
}

export type TokenAuth = 'client_secret_basic' | 'client_secret_post' | 'none'

export interface ProviderInput {
  id: string
  name: string
  issuer: string
  client_id: string
  client_secret?: string
  token_auth?: TokenAuth
  /** scopes are asked for besides openid. */
  scopes?: string[]
  algorithms?: string[]
  userinfo?: boolean
  claims?: ProviderClaim[]
  rules: ProviderRule[]
}

export interface Provider extends Omit<ProviderInput, 'client_secret'> {
  version: number
  /** has_secret tells whether a client secret is stored; it is never shown. */
  has_secret: boolean
}

export type ListPurpose = 'eligible' | 'abused' | 'stopped'

export interface DomainListInput {
  /** name is the list's id too: policies ask for an eligible one as email:{name}. */
  name: string
  purpose: ListPurpose
  domains: string[]
}

export interface DomainList {
  id: string
  version: number
  name: string
  purpose: ListPurpose
  count: number
  digest: string
  /** domains are there when one list is read, not in the list of lists. */
  domains?: string[]
}

export type OfferState = 'draft' | 'live' | 'paused' | 'ended'
export type BenefitType = 'percentage' | 'fixed_amount' | 'free_shipping'

export interface Benefit {
  type: BenefitType
  basis_points?: number
  amount?: number
  currency?: string
  categories?: string[]
  maximum?: number
}

export interface OfferLimits {
  total?: number
  per_person?: number
  per_customer?: number
}

export interface OfferInput {
  name: string
  description?: Texts
  group?: string
  subgroup?: string
  benefit: Benefit
  minimum_order?: number
  starts_at?: string
  ends_at?: string
  limits: OfferLimits
  token_seconds: number
  priority?: number
  exclusive?: boolean
}

export interface Offer extends OfferInput {
  id: string
  version: number
  state: OfferState
  created_at: string
  updated_at: string
}

export interface OfferVersion {
  version: number
  actor: string
  created_at: string
  offer: OfferInput & { state?: OfferState }
}

export interface EarnRule {
  currency: string
  points: number
  per_amount: number
}

export interface Tier {
  id: string
  name: string
  threshold: number
}

export type WindowType = 'rolling' | 'calendar' | 'lifetime'

export interface ProgramInput {
  name: string
  earn: EarnRule[]
  pending_days?: number
  expires_after_days?: number
  window: { type: WindowType; days?: number }
  tiers: Tier[]
}

export interface Program extends ProgramInput {
  version: number
  updated_at: string
}

export interface Balance {
  available: number
  pending: number
  debt: number
}

export interface MemberTier {
  id: string
  name: string
}

export interface Member {
  id: string
  customer: string
  balance: Balance
  tier: MemberTier | null
  created_at: string | null
}

export interface Lot {
  id: string
  source: EntrySource
  granted: number
  remaining: number
  pending: boolean
  activates_at: string
  expires_at: string | null
}

export interface MemberDetail extends Member {
  tier_since: string | null
  next_tier: { name: string; missing: number } | null
  qualifying: number
  lots: Lot[]
  head: { seq: number; hash: string }
}

export interface EntrySource {
  type: string
  id: string
  line?: string
}

export interface Entry {
  id: string
  seq: number
  kind: string
  points: number
  from: string
  to: string
  source: EntrySource
  reason?: string
  actor?: string
  occurred_at: string
  recorded_at: string
}

export interface Adjustment {
  points: number
  reason: string
  reference: string
}

export type VerificationState =
  | 'started'
  | 'collecting'
  | 'challenged'
  | 'uploading'
  | 'pending_review'
  | 'verified'
  | 'rejected'
  | 'failed'
  | 'expired'
  | 'cancelled'

export interface Verification {
  id: string
  state: VerificationState
  group: string
  subgroup: string
  offer_id: string
  customer: string
  created_at: string
  updated_at: string
  expires_at: string
}

export interface Evidence {
  id: string
  requirement: string
  classes: string[]
  organisation: string
  facts: Record<string, string>
  created_at: string
}

export interface Attestation {
  id: string
  group: string
  subgroup: string
  customer: string
  state: 'active' | 'expired' | 'ended'
  valid_until: string
  ended_at: string | null
  end_reason: string
}

export interface VerificationDetail extends Verification {
  step: string
  paths: string[][]
  met: string[]
  given_up: { step: string; requirement: string; at: string }[]
  errors: { code: string; detail: string }[]
  evidence: Evidence[]
  attestation?: Attestation | null
  policy_id: string
  policy_version: number
  locale: string
  country: string
  consent: { version: string; marketing: boolean; at: string }
}

export interface Allocation {
  line_id?: string
  target?: string
  amount: number
}

export interface AppliedOffer {
  offer_id: string
  offer_version: number
  amount: number
  method: string
  allocations: Allocation[]
}

export interface Totals {
  subtotal: number
  discount: number
  shipping: number
  total: number
}

export interface CartLine {
  line_id: string
  sku: string
  quantity: number
  unit_amount: number
  categories?: string[]
}

export type RedemptionState = 'redeemed' | 'partially_refunded' | 'refunded'

export interface Redemption {
  id: string
  order_id: string
  customer: string
  state: RedemptionState
  currency: string
  applied: AppliedOffer[]
  totals: Totals
  points: number
  created_at: string
  updated_at: string
}

export interface Refund {
  refund_id: string
  refund_ref: string
  discount_reversed: number
  points_reversed: number
  created_at: string
}

export interface RedemptionDetail extends Redemption {
  order_ref: string
  lines: CartLine[]
  refunds: Refund[]
}

export interface WebhookInput {
  url: string
  description: string
  /** events that the endpoint gets; empty for all. */
  events: string[]
}

export interface Webhook extends WebhookInput {
  id: string
  state: 'enabled' | 'disabled'
  failures: number
  created_at: string
  updated_at: string
}

export interface CreatedWebhook {
  webhook: Webhook
  secret: string
}

export interface Delivery {
  id: string
  event_id: string
  event_type: string
  state: 'waiting' | 'delivered' | 'failed'
  attempts: number
  last_status: number
  last_error: string
  next_at: string
  created_at: string
}

export interface AuditEvent {
  id: string
  actor: string
  action: string
  target: string
  changes: { before?: unknown; after?: unknown } | null
  request_id: string
  created_at: string
}

export interface Person {
  id: string
  email: string
  name: string
  role: Role
}

export interface CreatedPerson {
  person: Person
  password?: string
}
