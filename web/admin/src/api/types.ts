export type * from './types-offers'
export type * from './types-verify'

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
