/** exponent is the number of decimal places of a currency: 2 for USD, 0 for JPY, 3 for KWD. */
export function exponent(currency: string): number {
  if (!/^[A-Z]{3}$/.test(currency)) return 2
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
}

/** decimalText writes minor units as a plain decimal text with a point: 1250 in USD is "12.50". */
export function decimalText(minor: number, places: number): string {
  const sign = minor < 0 ? '-' : ''
  const digits = String(Math.abs(minor)).padStart(places + 1, '0')
  if (places === 0) return sign + digits
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`
}

/** formatMoney writes minor units the way people of a locale do: "$12.50", "12,50 $". */
export function formatMoney(minor: number, currency: string, locale: string): string {
  const places = exponent(currency)
  if (!/^[A-Z]{3}$/.test(currency)) return decimalText(minor, places)
  const text = decimalText(minor, places) as Intl.StringNumericLiteral
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(text)
}

/** separators returns the characters that a locale puts before the decimals and between thousands. */
function separators(locale: string): { decimal: string; group: string } {
  const parts = new Intl.NumberFormat(locale).formatToParts(12345.6)
  const find = (type: string, fallback: string) => parts.find((p) => p.type === type)?.value ?? fallback
  return { decimal: find('decimal', '.'), group: find('group', ',') }
}

/**
 * parseDecimal reads what a person typed into whole units of 10^-places, without floating point: "12.50" with two
 * places is 1250. It knows the locale's separators, and takes a point or comma that cannot separate thousands as the
 * decimal one. It returns null for anything else, more places, and what is too large.
 */
export function parseDecimal(text: string, places: number, locale: string): number | null {
  const { decimal, group } = separators(locale)
  let plain = text.trim().replace(/[\s\u00a0\u202f']/g, '')
  const grouped = new RegExp(`^-?\\d{1,3}(\\${group}\\d{3})+(\\${decimal}\\d*)?$`)
  if (grouped.test(plain)) plain = plain.split(group).join('')
  plain = plain.replace(decimal, '.').replace(',', '.')
  const match = /^(-?)(\d{1,15})(?:\.(\d*))?$/.exec(plain)
  if (!match) return null
  const fraction = (match[3] ?? '').replace(/0+$/, '')
  if (fraction.length > places) return null
  const value = Number(match[2] + fraction.padEnd(places, '0'))
  if (!Number.isSafeInteger(value)) return null
  return match[1] && value !== 0 ? -value : value
}

/** parseMoney reads an amount in major units into minor units of a currency, or null. */
export function parseMoney(text: string, currency: string, locale: string): number | null {
  return parseDecimal(text, exponent(currency), locale)
}

/** moneyText writes minor units as a person of the locale would type them, without the currency. */
export function moneyText(minor: number, currency: string, locale: string): string {
  return decimalText(minor, exponent(currency)).replace('.', separators(locale).decimal)
}

/** parsePercent reads "12.5" into basis points, 1250, or null. */
export function parsePercent(text: string, locale: string): number | null {
  return parseDecimal(text.replace('%', ''), 2, locale)
}

/** percentText writes basis points as a person of the locale would type them: 1250 is "12.5". */
export function percentText(basisPoints: number, locale: string): string {
  const trimmed = decimalText(basisPoints, 2).replace(/\.?0+$/, '')
  return trimmed.replace('.', separators(locale).decimal)
}
