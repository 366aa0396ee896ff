import type { Texts } from './types'

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
