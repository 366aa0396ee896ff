import { expect, it } from 'vitest'
import { translator } from '../../text/language'
import { fieldText, given, signalLines, whyText } from './words'

const t = translator('en')

it('leaves out signals that count nothing but the verification itself', () => {
  expect(signalLines({ shared_network: 1, velocity: 1, look_alike: 1, given_up_steps: 0 }, t)).toEqual(['Documents of other people that look alike: 1'])
  expect(signalLines({ shared_network: 2 }, t)).toHaveLength(1)
})

it('shows what it has no words for as it is written', () => {
  expect(whyText('brand_new', t)).toBe('brand_new')
  expect(fieldText('shoe_size', t)).toBe('shoe_size')
})

it('puts names before the rest', () => {
  expect(given({ birth_date: '1', shoe_size: '2', last_name: '3', first_name: '4' }).map(([name]) => name)).toEqual(['first_name', 'last_name', 'birth_date', 'shoe_size'])
})
