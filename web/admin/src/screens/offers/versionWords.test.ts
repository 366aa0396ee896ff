import { expect, it } from 'vitest'
import type { OfferVersion } from '../../api/types'
import { formats } from '../../text/format'
import { translator } from '../../text/language'
import { fieldName, fieldValue } from './versionWords'

const t = translator('en')
const say = { ...formats('en'), t }
const offer = (benefit: OfferVersion['offer']['benefit']): OfferVersion['offer'] => ({ name: 'A', benefit, limits: {}, token_seconds: 600 })
const percent = offer({ type: 'percentage', basis_points: 1250 })

it.each([
  ['benefit.basis_points', 'Discount'],
  ['limits.per_person', 'Per person'],
  ['names.de', 'Name for shoppers (de)'],
  ['limits.periods.0.uses', 'limits.periods.0.uses'],
])('%s is “%s”', (path, name) => expect(fieldName(path, t)).toBe(name))

it.each([
  ['benefit.basis_points', '1250', percent, '12.5\u00a0%'],
  ['benefit.basis_points', '15000', offer({ type: 'points_multiplier', basis_points: 15_000 }), '×\u00a01.5'],
  ['benefit.amount', '500', offer({ type: 'fixed_amount', amount: 500, currency: 'JPY' }), '¥500'],
  ['minimum_order', '2500', percent, '$25.00'],
  ['benefit.type', 'free_shipping', percent, 'Free shipping'],
  ['campaign.event', 'black_friday', percent, 'Black Friday'],
  ['exclusive', 'true', percent, 'Yes'],
  ['rule', 'cart.quantity > 1', percent, 'cart.quantity > 1'],
])('%s %s', (path, value, of, said) => expect(fieldValue(path, value, of, 'USD', say)).toBe(said))
