import { describe, expect, it } from 'vitest'
import type { Offer } from '../../api/types'
import { draftOf, readDraft } from './draft'

const offer: Offer = {
  id: 'off_1',
  version: 3,
  state: 'live',
  name: 'Students',
  description: { en: 'Hi' },
  group: 'student',
  subgroup: 'university',
  benefit: { type: 'fixed_amount', amount: 1250, currency: 'EUR', categories: ['books', 'toys'], maximum: 0 },
  minimum_order: 5000,
  starts_at: '2026-11-01T08:30:00.000Z',
  limits: { total: 100, per_person: 1, per_customer: 0 },
  token_seconds: 600,
  priority: 2,
  exclusive: true,
  created_at: '',
  updated_at: '',
}

describe('an offer that is read and saved unchanged', () => {
  it.each(['en', 'de'])('stays the same in %s', (locale) => {
    const { id: _, version: __, state: ___, created_at: ____, updated_at: _____, ...input } = offer
    expect(readDraft(draftOf(offer, 'USD', locale), locale)).toEqual({ input })
  })
})

describe('a new offer', () => {
  it('reads a percentage as basis points', () => {
    const draft = draftOf(null, 'USD', 'en')
    const read = readDraft({ ...draft, name: 'A', benefit: { ...draft.benefit, basis_points: '12.5', maximum: '30' } }, 'en')
    expect(read).toMatchObject({ input: { benefit: { type: 'percentage', basis_points: 1250, maximum: 3000 }, limits: { per_person: 1 } } })
  })

  it('names every field that cannot be read', () => {
    const draft = draftOf(null, 'USD', 'en')
    const read = readDraft({ ...draft, minimum_order: '1.005', limits: { ...draft.limits, total: '1.5' } }, 'en')
    expect(read).toEqual({
      errors: { name: 'required', 'benefit.basis_points': 'number.percent', minimum_order: 'number.money', 'limits.total': 'number.whole' },
    })
  })
})
