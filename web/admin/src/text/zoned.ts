/** isZone tells whether the browser knows a time zone by this IANA name. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return name !== ''
  } catch {
    return false
  }
}

/** shown is the clock of a zone at a moment, as if it were UTC. */
function shown(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at)
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))
}

/** wallClock turns an instant into the value of a datetime-local field: what a clock in the zone shows. */
export function wallClock(iso: string | null | undefined, zone: string): string {
  if (!iso) return ''
  const at = Date.parse(iso)
  return new Date(shown(at, isZone(zone) ? zone : 'UTC')).toISOString().slice(0, 16)
}

/**
 * instantIn turns the value of a datetime-local field, as a clock in the zone shows it, into RFC 3339 UTC; empty stays
 * empty. A time that the clock skips is taken after the skip, one that it shows twice is the first.
 */
export function instantIn(local: string, zone: string): string {
  const wanted = Date.parse(`${local}Z`)
  if (!local || Number.isNaN(wanted)) return ''
  // The zone's distance from UTC a day before and a day after: one of the two holds at the time that is looked for.
  const distances = [-86_400_000, 86_400_000].map((away) => shown(wanted + away, zone) - (wanted + away))
  const candidates = distances.map((distance) => wanted - distance).toSorted((a, b) => a - b)
  const exact = candidates.find((at) => shown(at, zone) === wanted)
  return new Date(exact ?? Math.max(...candidates)).toISOString()
}
