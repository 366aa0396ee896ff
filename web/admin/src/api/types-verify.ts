import type { Texts } from './types'

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
