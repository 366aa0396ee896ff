import type { BenefitType, CampaignEvent, Offer, OfferPeriod, Store, Texts } from '../../api/types'
import { decimalText, moneyText, percentText } from '../../text/money'
import { wallClock } from '../../text/zoned'
import { type Target, parts, targetOf } from './benefit'

/** Span is the stretch of time that a limit is about: days that slide with the clock, or one of the calendar. */
export type Span = 'days' | NonNullable<OfferPeriod['calendar']>

/** PeriodDraft is a limit in a stretch of time as it is typed. */
export interface PeriodDraft {
  by: OfferPeriod['by']
  uses: string
  span: Span
  days: string
}

/** OfferDraft is an offer as it is typed: amounts and numbers as text, named like the fields of the API. */
export interface OfferDraft {
  name: string
  names: Texts
  description: Texts
  group: string
  subgroup: string
  tier: string
  benefit: {
    type: BenefitType
    target: Target
    basis_points: string
    amount: string
    currency: string
    categories: string
    skus: string
    method: '' | 'across' | 'each'
    maximum: string
    points: string
    gift: { sku: string; quantity: string }
  }
  minimum_order: string
  starts_at: string
  ends_at: string
  time_zone: string
  campaign: { event: CampaignEvent | ''; days_before: string; days_after: string }
  limits: {
    total: string
    per_person: string
    per_customer: string
    per_order: string
    periods: PeriodDraft[]
    budget: { amount: string; currency: string; restore: boolean }
  }
  token_seconds: string
  priority: string
  exclusive: boolean
  category: string
  rule: string
  code_pool: boolean
}

/** Place is what of the store matters to its offers. */
export type Place = Pick<Store, 'currency' | 'timezone' | 'locales'>

/** newPeriod is a limit in a stretch of time that was just added. */
export const newPeriod: PeriodDraft = { by: 'customer', uses: '1', span: 'month', days: '' }

const count = (value: number | undefined) => (value ? String(value) : '')

/** draftOf makes what is typed from an offer, or from nothing for a new one. */
export function draftOf(offer: Offer | null, place: Place, locale: string): OfferDraft {
  const zone = offer?.time_zone || place.timezone
  return {
    name: offer?.name ?? '',
    names: offer?.names ?? {},
    description: offer?.description ?? {},
    group: offer?.group ?? '',
    subgroup: offer?.subgroup ?? '',
    tier: offer?.tier ?? '',
    benefit: benefitDraft(offer, place, locale),
    minimum_order: money(offer?.minimum_order, offer?.benefit.currency || place.currency, locale),
    starts_at: wallClock(offer?.starts_at, zone),
    ends_at: wallClock(offer?.ends_at, zone),
    time_zone: offer?.time_zone ?? '',
    campaign: {
      event: offer?.campaign?.event ?? '',
      days_before: count(offer?.campaign?.days_before),
      days_after: count(offer?.campaign?.days_after),
    },
    limits: limitsDraft(offer, place, locale),
    token_seconds: String(offer?.token_seconds ?? 600),
    priority: String(offer?.priority ?? 0),
    exclusive: offer?.exclusive ?? false,
    category: offer?.category ?? '',
    rule: offer?.rule ?? '',
    code_pool: offer?.code_pool ?? false,
  }
}

function benefitDraft(offer: Offer | null, place: Place, locale: string): OfferDraft['benefit'] {
  const benefit = offer?.benefit
  const currency = benefit?.currency || place.currency
  const type = benefit?.type ?? 'percentage'
  return {
    type,
    target: benefit ? targetOf(benefit) : 'order',
    basis_points: measure(type, benefit?.basis_points ?? 0, locale),
    amount: type === 'fixed_price' ? moneyText(benefit?.amount ?? 0, currency, locale) : money(benefit?.amount, currency, locale),
    currency,
    categories: (benefit?.categories ?? []).join(', '),
    skus: (benefit?.skus ?? []).join(', '),
    method: benefit?.method ?? '',
    maximum: money(benefit?.maximum, currency, locale),
    points: count(benefit?.points),
    gift: { sku: benefit?.gift?.sku ?? '', quantity: String(benefit?.gift?.quantity ?? 1) },
  }
}

function limitsDraft(offer: Offer | null, place: Place, locale: string): OfferDraft['limits'] {
  const limits = offer?.limits
  const budget = limits?.budget
  return {
    total: count(limits?.total),
    per_person: offer ? count(limits?.per_person) : '1',
    per_customer: count(limits?.per_customer),
    per_order: count(limits?.per_order),
    periods: (limits?.periods ?? []).map((p) => ({ by: p.by, uses: String(p.uses), span: p.calendar ?? 'days', days: count(p.days) })),
    budget: {
      amount: money(budget?.amount, budget?.currency ?? place.currency, locale),
      currency: budget?.currency ?? offer?.benefit.currency ?? place.currency,
      restore: budget?.restore ?? false,
    },
  }
}

function money(minor: number | undefined, currency: string, locale: string): string {
  return minor ? moneyText(minor, currency, locale) : ''
}

/** measure writes basis points as they are typed: a percentage, or for a multiplier how many times. */
function measure(type: BenefitType, basisPoints: number, locale: string): string {
  if (!basisPoints) return ''
  if (parts[type].measure !== 'factor') return percentText(basisPoints, locale)
  const text = decimalText(basisPoints, 4).replace(/\.?0+$/, '')
  return locale === 'de' ? text.replace('.', ',') : text
}
