import { describe, expect, it } from 'vitest'
import type { Finding } from '../../api/types'
import { translator } from '../../text/language'
import { formats } from '../../text/format'
import { conditionName, reasonText, sayFinding } from './words'

const say = (condition: string, text: string, language: 'en' | 'de' = 'en') => {
  const finding: Finding = { condition, saw: text, wants: '', holds: true }
  return sayFinding(finding, 'saw', { t: translator(language), money: (minor) => formats(language).money(minor, 'USD'), time: (iso) => `<${iso}>` })
}

describe('sayFinding', () => {
  it.each([
    ['minimum_order', 'at least 4000', 'at least $40.00'],
    ['minimum_order', '5000', '$50.00'],
    ['benefit', '1000', '$10.00'],
    ['benefit', 'no_shipping', 'There is no shipping to lower.'],
    ['per_order', 'less than 1', 'fewer than 1'],
    ['per_order', '0', '0'],
    ['tier', 'gold or higher', 'gold or higher'],
    ['state', 'live', 'Live'],
    ['dates', 'from 2026-01-01T00:00:00Z', 'from <2026-01-01T00:00:00Z>'],
    ['new_one', 'whatever 5', 'whatever 5'],
  ])('%s: %s is “%s”', (condition, text, said) => expect(say(condition, text)).toBe(said))

  it('speaks German', () => expect(say('minimum_order', 'at least 4000', 'de')).toBe('mindestens 40,00\u00a0$'))
})

it('shows what it does not know as it is written', () => {
  const t = translator('en')
  expect(conditionName('minimum_order', t)).toBe('Minimum order')
  expect(conditionName('moon_phase', t)).toBe('moon_phase')
  expect(reasonText('rule_not_met', t)).toBe('The condition of the offer is not met.')
  expect(reasonText('moon_phase', t)).toBe('moon_phase')
})
