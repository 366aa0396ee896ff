/** Difference is one field that two values disagree on. */
export interface Difference {
  path: string
  before: string | null
  after: string | null
}

/** differences compares two JSON values field by field, in the order of their paths; missing fields are null. */
export function differences(before: unknown, after: unknown): Difference[] {
  const old = flatten(before)
  const fresh = flatten(after)
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .toSorted((a, b) => a.localeCompare(b, 'en'))
    .map((path) => ({ path, before: old.get(path) ?? null, after: fresh.get(path) ?? null }))
    .filter((d) => d.before !== d.after)
}

function flatten(value: unknown, path = '', into = new Map<string, string>()): Map<string, string> {
  if (value === undefined || value === null) return into
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) {
    into.set(path, value.join(', '))
  } else if (typeof value === 'object') {
    for (const [name, item] of Object.entries(value)) flatten(item, path ? `${path}.${name}` : name, into)
  } else {
    into.set(path, String(value))
  }
  return into
}
