import { describe, expect, it } from 'vitest'
import { pieces, plainDetail, stretchAt } from './place'

describe('stretchAt', () => {
  const text = 'cart.subtotl >= 1 &&\n  "größe" == customer.nam'
  it.each([
    [1, 6, 'subtotl'],
    [1, 5, '.subtotl'],
    [1, 14, '>'],
    [2, 3, '"'],
    [2, 23, 'nam'],
    [9, 1, ''],
    [1, 99, ''],
  ])('line %i, column %i is “%s”', (line, column, word) => {
    const { from, to } = stretchAt(text, line, column)
    expect(text.slice(from, to).trim()).toBe(word)
  })

  it('counts characters, not their halves', () => {
    const { from, to } = stretchAt('"🎓" == foo', 1, 8)
    expect('"🎓" == foo'.slice(from, to)).toBe('foo')
  })
})

describe('pieces', () => {
  it('puts the text together again', () => {
    const cut = pieces('abcdef', [{ from: 4, to: 5 }, { from: 1, to: 3 }, { from: 2, to: 4 }, { from: 6, to: 6 }])
    expect(cut.map((piece) => piece.text).join('')).toBe('abcdef')
    expect(cut.filter((piece) => piece.marked).map((piece) => piece.text)).toEqual(['bc', 'd', 'e'])
  })
})

it('leaves the place out of an error', () => {
  expect(plainDetail('line 1, column 6: undefined field')).toBe('undefined field')
  expect(plainDetail('too long')).toBe('too long')
})
