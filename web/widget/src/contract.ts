import type { components } from '../../api/schema'

/** The gateway's answers as the widget reads them: generated from the contract in api/openapi.yaml. */
type Schemas = components['schemas']

export type Storefront = Schemas['Storefront']
export type Offer = Schemas['StorefrontOffer']
export type Institutions = Schemas['Institutions']
export type Form = Schemas['StorefrontForm']
export type Verification = Schemas['Verification']

type AnyBenefit = Schemas['StorefrontBenefit']

/** Benefit is what an offer gives: basis points (2000 = 20 %), points, or an amount in the currency's minor units. */
export type Benefit = Pick<AnyBenefit, 'type' | 'basis_points' | 'amount' | 'currency' | 'points' | 'gift'> & Partial<Pick<AnyBenefit, 'target'>>

/** Localised holds one text per language, keyed by BCP 47 tag. */
export type Localised = Readonly<Record<string, string>>

/** OfferToken lets one checkout use one offer once; `code` is its short form. */
export interface OfferToken {
  token: string
  code: string
  expires_at: string
  offer: { id: string; name: string; benefit: Benefit }
}
