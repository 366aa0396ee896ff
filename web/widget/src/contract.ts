/** The gateway's answers as the widget reads them: the part of the contract that a publishable key can see. */

/** Localised holds one text per language, keyed by BCP 47 tag. */
export type Localised = Readonly<Record<string, string>>

/** Benefit is what an offer gives: basis points (2000 = 20 %), or an amount in the currency's minor units. */
export interface Benefit {
  type: 'percentage' | 'fixed_amount' | 'free_shipping'
  basis_points?: number | null
  amount?: number | null
  currency?: string | null
}

export interface Offer {
  id: string
  name: string
  description?: string | null
  group: string
  subgroup?: string | null
  benefit: Benefit
  ends_at?: string | null
}

export interface Storefront {
  store: { id: string; name: string; mode: 'test' | 'live'; locales: string[] }
  consent: { version: string; text: Localised; marketing_text?: Localised | null; privacy_url?: string | null }
  groups: { group: string; label: Localised }[]
  providers: { id: string; name: string }[]
  offers: Offer[]
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
  client_secret?: string
  state: VerificationState
  /** What to answer next; `choose` when several paths are open, `done` when the state is final. */
  step: string
  /** Each path is a list of verifiers, such as `email` or `oidc:demo-university`. */
  paths: string[][]
  group: string
  subgroup?: string | null
  expires_at: string
  errors: { code: string; detail: string }[]
  resend_after?: string | null
  redirect_url?: string | null
  attestation?: { group: string; subgroup?: string | null; valid_until: string } | null
}

export interface OfferToken {
  token: string
  code: string
  expires_at: string
  offer: { id: string; name: string; benefit: Benefit }
}
