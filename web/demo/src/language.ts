import { texts, type Language, type TextKey } from './texts'

const place = 'northside:language'

let current: Language = localStorage.getItem(place) === 'de' ? 'de' : 'en'
document.documentElement.lang = current

/** language is the one that the page speaks now. */
export function language(): Language {
  return current
}

/** speak changes the language and remembers it. */
export function speak(next: Language): void {
  current = next
  localStorage.setItem(place, next)
  document.documentElement.lang = next
}

/** t gives one text with its `{name}` places filled. */
export function t(key: TextKey, values: Record<string, string | number> = {}): string {
  return texts[current][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** money formats minor units; the currency knows how many digits. */
export function money(minor: number, currency: string): string {
  const format = new Intl.NumberFormat(current, { style: 'currency', currency })
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

/** moment formats an RFC 3339 time. */
export function moment(time: string): string {
  return new Intl.DateTimeFormat(current, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time))
}
