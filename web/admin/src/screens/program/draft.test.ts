import { expect, it } from 'vitest'
import type { Program } from '../../api/types'
import { draftOf, readDraft } from './draft'

const program: Program = {
  version: 4,
  updated_at: '',
  name: 'Laurels',
  earn: [
    { currency: 'USD', points: 1, per_amount: 100 },
    { currency: 'JPY', points: 2, per_amount: 150 },
  ],
  pending_days: 0,
  expires_after_days: 365,
  window: { type: 'rolling', days: 180 },
  tiers: [{ id: 'gold', name: 'Gold', threshold: 1000 }],
}

it('saves unchanged what was read', () => {
  const { version: _, updated_at: __, ...input } = program
  for (const locale of ['en', 'de']) expect(readDraft(draftOf(program, 'USD', locale), locale)).toEqual({ input })
})

it('begins with one point for one unit of the store’s currency', () => {
  const draft = { ...draftOf(null, 'EUR', 'de'), name: 'Punkte' }
  expect(readDraft(draft, 'de')).toMatchObject({ input: { earn: [{ currency: 'EUR', points: 1, per_amount: 100 }] } })
})

it('names the fields that cannot be read', () => {
  const draft = draftOf(program, 'USD', 'en')
  const bad = { ...draft, name: ' ', pending_days: 'x', tiers: [{ id: 'a', name: 'A', threshold: '1.5' }] }
  expect(readDraft(bad, 'en')).toEqual({ errors: { name: 'required', pending_days: 'number.whole', 'tiers.0.threshold': 'number.whole' } })
})
