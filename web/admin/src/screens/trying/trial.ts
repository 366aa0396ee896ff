import type { OfferInput, Trial } from '../../api/types'
import { instant } from '../../text/format'
import { parseDecimal, parseMoney } from '../../text/money'
import { split } from '../offers/readDraft'

/** LineDraft is a line of the sample cart as it is typed. */
export interface LineDraft {
  sku: string
  quantity: string
  unit_amount: string
  categories: string
}

/** TrialDraft is a sample cart and shopper as they are typed, named like the fields of the API where there is one. */
export interface TrialDraft {
  cart: { currency: string; shipping_amount: string; tax_mode: 'exclusive' | 'inclusive'; lines: LineDraft[] }
  customer: string
  attestation: { group: string; subgroup: string }
  member: { tier: string; points: string }
  now: string
}

/** newLine is a line that was just added to a sample cart. */
export const newLine: LineDraft = { sku: '', quantity: '1', unit_amount: '', categories: '' }

/** newTrial is a cart and a shopper to begin with: one article for 50, bought by somebody whom the offer is for. */
export function newTrial(currency: string, group: string, subgroup: string): TrialDraft {
  return {
    cart: { currency, shipping_amount: '', tax_mode: 'exclusive', lines: [{ sku: 'sku-1', quantity: '1', unit_amount: '50', categories: '' }] },
    customer: 'c-1',
    attestation: { group, subgroup },
    member: { tier: '', points: '' },
    now: '',
  }
}

type TrialError = 'number.whole' | 'number.money'

/** readTrial turns what was typed into a trial of an offer, or names the fields that cannot be read. */
export function readTrial(draft: TrialDraft, offer: OfferInput, locale: string): { trial: Trial } | { errors: Record<string, TrialError> } {
  const errors: Record<string, TrialError> = {}
  const { currency } = draft.cart
  const take = (field: string, error: TrialError, value: number | null) => {
    if (value === null) errors[field] = error
    return value ?? 0
  }
  const money = (field: string, text: string) => take(field, 'number.money', parseMoney(text || '0', currency, locale))
  const whole = (field: string, text: string) => take(field, 'number.whole', parseDecimal(text || '0', 0, locale))
  const { group, subgroup } = draft.attestation
  const { tier } = draft.member
  const points = whole('member.points', draft.member.points)
  const now = instant(draft.now)
  const trial: Trial = {
    offer,
    cart: {
      currency,
      tax_mode: draft.cart.tax_mode,
      shipping_amount: money('cart.shipping_amount', draft.cart.shipping_amount),
      lines: draft.cart.lines.map((line, i) => ({
        line_id: `l${i + 1}`,
        quantity: whole(`cart.lines.${i}.quantity`, line.quantity),
        unit_amount: money(`cart.lines.${i}.unit_amount`, line.unit_amount),
        categories: split(line.categories),
        ...(line.sku.trim() ? { sku: line.sku.trim() } : {}),
      })),
    },
    ...(draft.customer.trim() ? { customer: draft.customer.trim() } : {}),
    ...(group ? { attestation: { group, ...(subgroup ? { subgroup } : {}) } } : {}),
    ...(tier || points ? { member: { ...(tier ? { tier } : {}), points } } : {}),
    ...(now ? { now } : {}),
  }
  return Object.keys(errors).length ? { errors } : { trial }
}
