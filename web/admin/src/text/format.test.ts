import { expect, it } from 'vitest'
import { formats, instant, localInput } from './format'

it('keeps an instant through a field of local time', () => {
  expect(instant(localInput('2026-11-21T10:30:00Z'))).toBe('2026-11-21T10:30:00.000Z')
  expect(instant('')).toBeNull()
  expect(localInput(undefined)).toBe('')
})

it('writes for people', () => {
  const de = formats('de')
  expect(de.percent(1250)).toBe('12,5\u00a0%')
  expect(de.day('2026-11-01')).toBe('1. Nov.')
  expect(de.label({ en: 'Students', de: 'Studierende' })).toBe('Studierende')
  expect(de.label({ en: 'Students' })).toBe('Students')
  expect(de.time(null)).toBe('–')
})
