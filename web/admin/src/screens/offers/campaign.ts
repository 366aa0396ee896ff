import type { CampaignEvent } from '../../api/types'

/** Days are the first and the last day of something, as moments at midnight UTC: days of the calendar, in any zone. */
export interface Days {
  first: Date
  last: Date
}

const day = (year: number, month: number, date: number) => new Date(Date.UTC(year, month - 1, date))
const plus = (from: Date, days: number) => new Date(from.getTime() + days * 86_400_000)

/** nth is the n-th such weekday of a month, from 1; Sunday is 0. */
function nth(year: number, month: number, weekday: number, n: number): Date {
  const first = day(year, month, 1)
  return plus(first, ((weekday - first.getUTCDay() + 7) % 7) + 7 * (n - 1))
}

function lastOf(year: number, month: number, weekday: number): Date {
  const end = day(year, month + 1, 0)
  return plus(end, -((end.getUTCDay() - weekday + 7) % 7))
}

const single = (of: (year: number) => Date) => (year: number): Days => ({ first: of(year), last: of(year) })
const fixed = (month: number, date: number) => single((year) => day(year, month, date))
const span = (of: (year: number) => Date, from: number, to: number) => (year: number): Days => ({ first: plus(of(year), from), last: plus(of(year), to) })
const thanksgiving = (year: number) => nth(year, 11, 4, 4)

/** calendar says on which days of a year each event is; docs/offers.md lists whose rule it is. */
const calendar: Record<CampaignEvent, (year: number) => Days> = {
  teacher_appreciation_week: span((y) => nth(y, 5, 0, 1), 1, 5),
  teacher_appreciation_day: single((y) => plus(nth(y, 5, 0, 1), 2)),
  world_teachers_day: fixed(10, 5),
  international_students_day: fixed(11, 17),
  grandparents_day: single((y) => plus(nth(y, 9, 1, 1), 6)),
  older_persons_day: fixed(10, 1),
  veterans_day: fixed(11, 11),
  memorial_day: single((y) => lastOf(y, 5, 1)),
  armed_forces_day: single((y) => nth(y, 5, 6, 3)),
  military_spouse_day: single((y) => plus(nth(y, 5, 0, 2), -2)),
  nurses_week: span((y) => day(y, 5, 6), 0, 6),
  international_nurses_day: fixed(5, 12),
  doctors_day: fixed(3, 30),
  police_week: span((y) => plus(day(y, 5, 15), -day(y, 5, 15).getUTCDay()), 0, 6),
  international_firefighters_day: fixed(5, 4),
  first_responders_day: fixed(10, 28),
  mothers_day: single((y) => nth(y, 5, 0, 2)),
  fathers_day: single((y) => nth(y, 6, 0, 3)),
  independence_day: fixed(7, 4),
  labor_day: single((y) => nth(y, 9, 1, 1)),
  thanksgiving: single(thanksgiving),
  black_friday: single((y) => plus(thanksgiving(y), 1)),
  cyber_monday: single((y) => plus(thanksgiving(y), 4)),
  new_year: span((y) => day(y, 12, 31), 0, 1),
}

/** campaignEvents are the occasions that a campaign can be made around. */
export const campaignEvents = Object.keys(calendar) as readonly CampaignEvent[]

/** daysOf returns the days of an event in a year. */
export function daysOf(event: CampaignEvent, year: number): Days {
  return calendar[event](year)
}

/** nextRun returns the days of a campaign that runs today or is next. */
export function nextRun(event: CampaignEvent, before: number, after: number, today: Date): Days {
  const now = day(today.getFullYear(), today.getMonth() + 1, today.getDate())
  for (let year = today.getFullYear() - 1; ; year++) {
    const { first, last } = daysOf(event, year)
    const run = { first: plus(first, -before), last: plus(last, after) }
    if (run.last >= now) return run
  }
}
