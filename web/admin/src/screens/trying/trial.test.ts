import { expect, it } from 'vitest'
import type { OfferInput } from '../../api/types'
import { newLine, newTrial, readTrial } from './trial'

const offer: OfferInput = { name: 'A', benefit: { type: 'percentage', basis_points: 1000 }, limits: {}, token_seconds: 600 }

it('reads a cart in the exponent of its currency', () => {
  const draft = newTrial('JPY', 'student', '')
  const read = readTrial({ ...draft, cart: { ...draft.cart, lines: [{ ...newLine, unit_amount: '500', quantity: '2', categories: 'books, toys' }] } }, offer, 'en')
  expect(read).toEqual({
    trial: {
      offer,
      cart: { currency: 'JPY', tax_mode: 'exclusive', shipping_amount: 0, lines: [{ line_id: 'l1', quantity: 2, unit_amount: 500, categories: ['books', 'toys'] }] },
      customer: 'c-1',
      attestation: { group: 'student' },
    },
  })
})

it('tells a guest from a member', () => {
  const draft = newTrial('USD', '', '')
  expect(readTrial({ ...draft, customer: ' ' }, offer, 'en')).toMatchObject({ trial: { cart: { lines: [{ unit_amount: 5000, sku: 'sku-1' }] } } })
  expect(readTrial({ ...draft, customer: ' ' }, offer, 'en')).not.toHaveProperty('trial.customer')
  expect(readTrial({ ...draft, member: { tier: 'gold', points: '' } }, offer, 'en')).toMatchObject({ trial: { member: { tier: 'gold', points: 0 } } })
})

it('names what it cannot read', () => {
  const draft = newTrial('USD', '', '')
  const lines = [{ ...newLine, unit_amount: '1.005', quantity: 'two' }]
  expect(readTrial({ ...draft, cart: { ...draft.cart, lines }, member: { tier: '', points: 'x' } }, offer, 'en')).toEqual({
    errors: { 'cart.lines.0.unit_amount': 'number.money', 'cart.lines.0.quantity': 'number.whole', 'member.points': 'number.whole' },
  })
})
