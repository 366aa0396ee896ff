import { describe, expect, it } from 'vitest'
import type { Benefit, Offer } from '../../api/types'
import { type OfferDraft, type Place, draftOf, newPeriod } from './draft'
import { readDraft } from './readDraft'

const place: Place = { currency: 'USD', timezone: 'Europe/Berlin', locales: ['en', 'de'] }

const offer: Offer = {
  id: 'off_1',
  version: 3,
  state: 'live',
  name: 'Students',
  names: { de: 'Studierende' },
  description: { en: 'Hi' },
  group: 'student',
  subgroup: 'university',
  tier: 'gold',
  benefit: { type: 'fixed_amount', amount: 1250, currency: 'EUR', categories: ['books', 'toys'], skus: ['sku-1'], method: 'each', maximum: 5000 },
  minimum_order: 5000,
  starts_at: '2026-11-01T08:30:00.000Z',
  ends_at: '2027-07-01T08:30:00.000Z',
  time_zone: 'America/New_York',
  campaign: { event: 'black_friday', days_before: 3 },
  limits: {
    total: 100,
    per_person: 1,
    per_order: 2,
    periods: [
      { by: 'customer', uses: 1, calendar: 'month' },
      { by: 'total', uses: 50, days: 7 },
    ],
    budget: { amount: 100_000, currency: 'EUR', restore: true },
  },
  token_seconds: 600,
  priority: 2,
  exclusive: true,
  category: 'welcome',
  rule: 'cart.quantity > 1 &&\n  member.points > 5',
  code_pool: true,
  created_at: '',
  updated_at: '',
}

const inputOf = ({ id: _, version: __, state: ___, created_at: ____, updated_at: _____, ...input }: Offer) => input
const benefits: Benefit[] = [
  offer.benefit,
  { type: 'percentage', basis_points: 1250, maximum: 2000, target: 'shipping' },
  { type: 'fixed_price', amount: 999, currency: 'JPY' },
  { type: 'free_shipping' },
  { type: 'gift_line', gift: { sku: 'mug', quantity: 2 } },
  { type: 'points_multiplier', basis_points: 25_000, categories: ['books'] },
  { type: 'bonus_points', points: 100 },
]

describe.each(['en', 'de'])('an offer that is read and saved unchanged in %s', (locale) => {
  it.each(benefits)('stays the same: $type', (benefit) => {
    const { budget: _, ...bare } = offer.limits
    const same = { ...offer, benefit, limits: benefit.type === 'fixed_amount' ? offer.limits : bare }
    expect(readDraft(draftOf(same, place, locale), place, locale)).toEqual({ input: inputOf(same) })
  })
})

const draft = draftOf(null, place, 'en')
const withBenefit = (benefit: Partial<OfferDraft['benefit']>): OfferDraft => ({ ...draft, name: 'A', benefit: { ...draft.benefit, ...benefit } })

describe('a new offer', () => {
  it('sends only what the benefit has', () => {
    const read = readDraft(withBenefit({ type: 'bonus_points', points: '50', amount: '5', maximum: '3', basis_points: '7', categories: 'books' }), place, 'en')
    expect(read).toEqual({ input: { name: 'A', benefit: { type: 'bonus_points', points: 50 }, limits: { per_person: 1 }, token_seconds: 600 } })
  })

  it('reads a percentage as basis points, and a multiplier as ten thousandths', () => {
    expect(readDraft(withBenefit({ basis_points: '12.5', maximum: '30' }), place, 'en')).toMatchObject({ input: { benefit: { basis_points: 1250, maximum: 3000 } } })
    expect(readDraft(withBenefit({ type: 'points_multiplier', basis_points: '1,5' }), place, 'de')).toMatchObject({ input: { benefit: { basis_points: 15_000 } } })
  })

  it('reads times by the clock of the offer’s zone, else of the store’s', () => {
    const timed = { ...withBenefit({ basis_points: '5' }), starts_at: '2026-12-01T09:00' }
    expect(readDraft(timed, place, 'en')).toMatchObject({ input: { starts_at: '2026-12-01T08:00:00.000Z' } })
    expect(readDraft({ ...timed, time_zone: 'America/New_York' }, place, 'en')).toMatchObject({ input: { starts_at: '2026-12-01T14:00:00.000Z' } })
    expect(readDraft({ ...timed, time_zone: 'Mars' }, place, 'en')).toEqual({ errors: { time_zone: 'offers.zone.unknown' } })
  })

  it('names every field that cannot be read', () => {
    const limits = { ...draft.limits, total: '1.5', periods: [newPeriod, { ...newPeriod, span: 'days' as const, uses: 'x' }], budget: { ...draft.limits.budget, amount: 'much' } }
    expect(readDraft({ ...draft, minimum_order: '1.005', limits, campaign: { event: 'doctors_day', days_before: 'x', days_after: '' } }, place, 'en')).toEqual({
      errors: {
        name: 'required',
        'benefit.basis_points': 'number.percent',
        minimum_order: 'number.money',
        'limits.total': 'number.whole',
        'limits.periods.1.uses': 'number.whole',
        'limits.periods.1.days': 'required',
        'limits.budget.amount': 'number.money',
        'campaign.days_before': 'number.whole',
      },
    })
  })

  it.each<[Partial<OfferDraft['benefit']>, Record<string, string>]>([
    [{ type: 'fixed_amount' }, { 'benefit.amount': 'number.money' }],
    [{ type: 'gift_line' }, { 'benefit.gift.sku': 'required' }],
    [{ type: 'bonus_points' }, { 'benefit.points': 'required' }],
    [{ type: 'points_multiplier', basis_points: '1' }, { 'benefit.basis_points': 'number.factor' }],
    [{ basis_points: '5', target: 'lines' }, { 'benefit.categories': 'required' }],
  ])('%o needs %o', (benefit, errors) => expect(readDraft(withBenefit(benefit), place, 'en')).toEqual({ errors }))
})
