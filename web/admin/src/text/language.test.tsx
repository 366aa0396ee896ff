import { expect, it } from 'vitest'
import { preferred, translator } from './language'

it.each([
  ['de', ['en-US'], 'de'],
  [null, ['fr-FR', 'de-AT', 'en'], 'de'],
  [null, ['ja'], 'en'],
  ['xx', [], 'en'],
])('chosen %s, browser %s: %s', (chosen, browser, language) => expect(preferred(chosen, browser)).toBe(language))

it('fills the holes', () => {
  expect(translator('en')('check.progress', { done: 2, all: 5 })).toBe('2 of 5 done')
  expect(translator('de')('check.progress', { done: 2, all: 5 })).toBe('2 von 5 erledigt')
})
