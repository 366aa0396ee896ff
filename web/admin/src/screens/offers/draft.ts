import type { BenefitType, Offer, OfferInput, Texts } from '../../api/types'
import { instant, localInput } from '../../text/format'
import { moneyText, parseDecimal, parseMoney, parsePercent, percentText } from '../../text/money'

/** OfferDraft is an offer as it is typed: amounts and numbers as text, named like the fields of the API. */
export interface OfferDraft {
  name: string
  description: Texts
  group: string
  subgroup: string
  benefit: { type: BenefitType; basis_points: string; amount: string; currency: string; categories: string; maximum: string }
  minimum_order: string
  starts_at: string
  ends_at: string
  limits: { total: string; per_person: string; per_customer: string }
  token_seconds: string
  priority: string
  exclusive: boolean
}

/** DraftError names what is wrong with a field that cannot be read. */
export type DraftError = 'number.whole' | 'number.money' | 'number.percent' | 'required'

/** draftOf makes what is typed from an offer, or from nothing for a new one. */
export function draftOf(offer: Offer | null, currency: string, locale: string): OfferDraft {
  const benefit = offer?.benefit
  const money = (minor: number | undefined) => (minor ? moneyText(minor, benefit?.currency || currency, locale) : '')
  const count = (value: number | undefined) => (value ? String(value) : '')
  return {
    name: offer?.name ?? '',
    description: offer?.description ?? {},
    group: offer?.group ?? '',
    subgroup: offer?.subgroup ?? '',
    benefit: {
      type: benefit?.type ?? 'percentage',
      basis_points: benefit?.basis_points ? percentText(benefit.basis_points, locale) : '',
      amount: money(benefit?.amount),
      currency: benefit?.currency || currency,
      categories: (benefit?.categories ?? []).join(', '),
      maximum: money(benefit?.maximum),
    },
    minimum_order: money(offer?.minimum_order),
    starts_at: localInput(offer?.starts_at),
    ends_at: localInput(offer?.ends_at),
    limits: {
      total: count(offer?.limits.total),
      per_person: offer ? count(offer.limits.per_person) : '1',
      per_customer: count(offer?.limits.per_customer),
    },
    token_seconds: String(offer?.token_seconds ?? 600),
    priority: String(offer?.priority ?? 0),
    exclusive: offer?.exclusive ?? false,
  }
}

/** readDraft turns what was typed into an offer, or names the fields that cannot be read. */
export function readDraft(draft: OfferDraft, locale: string): { input: OfferInput } | { errors: Record<string, DraftError> } {
  const errors: Record<string, DraftError> = {}
  const fixed = draft.benefit.type === 'fixed_amount'
  const { currency } = draft.benefit
  const take = (field: string, error: DraftError, value: number | null): number => {
    if (value === null) errors[field] = error
    return value ?? 0
  }
  const whole = (field: string, text: string) => take(field, 'number.whole', parseDecimal(text || '0', 0, locale))
  const money = (field: string, text: string) => take(field, 'number.money', parseMoney(text || '0', currency, locale))
  if (!draft.name.trim()) errors.name = 'required'
  const percent = parsePercent(draft.benefit.basis_points, locale)
  if (draft.benefit.type === 'percentage' && (percent === null || percent < 1 || percent > 10_000)) errors['benefit.basis_points'] = 'number.percent'
  if (fixed && !draft.benefit.amount.trim()) errors['benefit.amount'] = 'number.money'
  const starts = instant(draft.starts_at)
  const ends = instant(draft.ends_at)
  const categories = draft.benefit.categories.split(',').map((c) => c.trim()).filter(Boolean)
  const input: OfferInput = {
    name: draft.name.trim(),
    description: draft.description,
    group: draft.group,
    subgroup: draft.subgroup,
    benefit: {
      type: draft.benefit.type,
      ...(draft.benefit.type === 'percentage' ? { basis_points: percent ?? 0 } : {}),
      ...(fixed ? { amount: money('benefit.amount', draft.benefit.amount), currency } : {}),
      ...(draft.benefit.type === 'free_shipping' ? {} : { categories }),
      maximum: fixed ? 0 : money('benefit.maximum', draft.benefit.maximum),
    },
    minimum_order: money('minimum_order', draft.minimum_order),
    ...(starts ? { starts_at: starts } : {}),
    ...(ends ? { ends_at: ends } : {}),
    limits: {
      total: whole('limits.total', draft.limits.total),
      per_person: whole('limits.per_person', draft.limits.per_person),
      per_customer: whole('limits.per_customer', draft.limits.per_customer),
    },
    token_seconds: whole('token_seconds', draft.token_seconds),
    priority: whole('priority', draft.priority),
    exclusive: draft.exclusive,
  }
  return Object.keys(errors).length ? { errors } : { input }
}
