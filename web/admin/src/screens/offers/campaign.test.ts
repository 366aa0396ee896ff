// @vitest-environment node
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { campaignEvents, daysOf, nextRun } from './campaign'

const iso = (date: Date) => date.toISOString().slice(0, 10)

// The gateway's own test, so that console and checkout agree on every date.
const table = readFileSync(join(import.meta.dirname, '../../../../../offers/campaign_test.go'), 'utf8')
const dates = [...table.matchAll(/\{"(\w+)", "(\d{4}-\d\d-\d\d)", "(\d{4}-\d\d-\d\d)"\}/g)].map(([, event, first, last]) => [event, first, last] as const)

describe('events', () => {
  it('are all in the table of the gateway', () => {
    expect(new Set(dates.map(([event]) => event))).toEqual(new Set(campaignEvents))
  })

  it.each(dates)('%s is from %s to %s', (name, first, last) => {
    const event = campaignEvents.find((known) => known === name)!
    const days = daysOf(event, Number(first?.slice(0, 4)))
    expect([iso(days.first), iso(days.last)]).toEqual([first, last])
  })
})

describe('nextRun', () => {
  it.each([
    ['new_year', 0, 0, '2027-01-01', '2026-12-31', '2027-01-01'],
    ['new_year', 0, 0, '2027-01-02', '2027-12-31', '2028-01-01'],
    ['black_friday', 3, 0, '2026-11-25', '2026-11-24', '2026-11-27'],
    ['black_friday', 3, 1, '2026-11-29', '2027-11-23', '2027-11-27'],
    ['doctors_day', 0, 60, '2026-01-01', '2026-03-30', '2026-05-29'],
  ] as const)('of %s (%i before, %i after) from %s on is %s to %s', (event, before, after, today, first, last) => {
    const [year, month, date] = today.split('-').map(Number) as [number, number, number]
    const run = nextRun(event, before, after, new Date(year, month - 1, date))
    expect([iso(run.first), iso(run.last)]).toEqual([first, last])
  })
})
