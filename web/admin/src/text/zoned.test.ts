import { describe, expect, it } from 'vitest'
import { instantIn, isZone, wallClock } from './zoned'

describe('instantIn', () => {
  it.each([
    ['2026-07-01T09:00', 'Europe/Berlin', '2026-07-01T07:00:00.000Z'],
    ['2026-12-01T09:00', 'Europe/Berlin', '2026-12-01T08:00:00.000Z'],
    ['2026-12-01T09:00', 'America/New_York', '2026-12-01T14:00:00.000Z'],
    ['2026-12-01T09:00', 'Pacific/Kiritimati', '2026-11-30T19:00:00.000Z'],
    ['2026-12-01T09:00', 'UTC', '2026-12-01T09:00:00.000Z'],
    // The clock goes from 2:00 to 3:00.
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    // The clock shows 2:30 twice.
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['', 'UTC', ''],
    ['soon', 'UTC', ''],
  ])('%s in %s is %s', (local, zone, instant) => expect(instantIn(local, zone)).toBe(instant))
})

it('reads back what it shows, around the changes of the clock too', () => {
  for (const zone of ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC']) {
    for (let hour = 0; hour < 365 * 24; hour += 7) {
      const iso = new Date(Date.UTC(2026, 0, 1, hour, 30)).toISOString()
      const local = wallClock(iso, zone)
      expect(wallClock(instantIn(local, zone), zone)).toBe(local)
    }
  }
})

it('knows zones', () => {
  expect(isZone('Europe/Berlin')).toBe(true)
  expect(isZone('Mars/Olympus')).toBe(false)
  expect(isZone('')).toBe(false)
  expect(wallClock(null, 'UTC')).toBe('')
})
