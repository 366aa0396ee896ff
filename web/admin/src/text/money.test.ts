import { describe, expect, it } from 'vitest'
import { decimalText, exponent, formatMoney, moneyText, parseDecimal, parseMoney, parsePercent, percentText } from './money'

describe('exponent', () => {
  it.each([
    ['USD', 2],
    ['JPY', 0],
    ['KWD', 3],
  ])('%s has %i places', (currency, places) => expect(exponent(currency)).toBe(places))
})

describe('parseMoney', () => {
  it.each([
    ['12.50', 'USD', 'en', 1250],
    ['12,50', 'EUR', 'de', 1250],
    ['12.5', 'EUR', 'de', 1250],
    ['1,000', 'USD', 'en', 100000],
    ['1.000', 'EUR', 'de', 100000],
    ['1.234,56', 'EUR', 'de', 123456],
    ['0.07', 'USD', 'en', 7],
    ['500', 'JPY', 'en', 500],
    ['1.005', 'KWD', 'en', 1005],
    ['5.', 'USD', 'en', 500],
  ])('%s %s in %s is %i', (text, currency, locale, minor) => expect(parseMoney(text, currency, locale)).toBe(minor))

  it.each([
    ['12.505', 'USD'],
    ['1.5', 'JPY'],
    ['abc', 'USD'],
    ['', 'USD'],
    ['1e5', 'USD'],
    ['99999999999999999', 'USD'],
  ])('refuses %s %s', (text, currency) => expect(parseMoney(text, currency, 'en')).toBeNull())
})

it('reads back every amount that it writes', () => {
  for (const minor of [0, 1, 9, 10, 99, 100, 12345, 900_000_000_000_000]) {
    for (const currency of ['USD', 'JPY', 'KWD']) {
      for (const locale of ['en', 'de']) {
        expect(parseMoney(moneyText(minor, currency, locale), currency, locale)).toBe(minor)
      }
    }
  }
})

it('reads back every percentage that it writes', () => {
  for (let basisPoints = 0; basisPoints <= 10_000; basisPoints += 7) {
    for (const locale of ['en', 'de']) expect(parsePercent(percentText(basisPoints, locale), locale)).toBe(basisPoints)
  }
  expect(percentText(2000, 'en')).toBe('20')
  expect(percentText(1250, 'de')).toBe('12,5')
  expect(parsePercent('20 %', 'en')).toBe(2000)
})

it('writes money for people', () => {
  expect(formatMoney(1250, 'USD', 'en')).toBe('$12.50')
  expect(formatMoney(-5, 'USD', 'en')).toBe('-$0.05')
  expect(formatMoney(500, 'JPY', 'en')).toBe('¥500')
  expect(decimalText(-7, 2)).toBe('-0.07')
  expect(parseDecimal('-3', 0, 'en')).toBe(-3)
})
