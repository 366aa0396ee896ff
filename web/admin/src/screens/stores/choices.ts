/** currencies are those that the browser knows, ISO 4217. */
export function currencies(): string[] {
  return Intl.supportedValuesOf('currency')
}

/** timezones are those that the browser knows, with UTC first. */
export function timezones(): string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]
}
