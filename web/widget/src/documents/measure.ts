/** The short names of media types, in the order in which they are named. */
const names: Record<string, string> = {
  'image/jpeg': 'JPEG',
  'image/png': 'PNG',
  'image/webp': 'WebP',
  'application/pdf': 'PDF',
}

/** kinds names media types: "JPEG, PNG, PDF". */
export function kinds(types: readonly string[]): string {
  return types.map((each) => names[each] ?? each).join(', ')
}

const kilo = 1024

/** bytes is a size in words, in megabytes or kilobytes as phones and computers show them: "10 MB". */
export function bytes(size: number, locale: string): string {
  const mega = size >= kilo * kilo
  const format = new Intl.NumberFormat(locale, { style: 'unit', unit: mega ? 'megabyte' : 'kilobyte', maximumFractionDigits: 1 })
  return format.format(Math.max(size / (mega ? kilo * kilo : kilo), 0.1))
}

/** percent is a share between 0 and 1 in words. */
export function percent(share: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'percent' }).format(share)
}
