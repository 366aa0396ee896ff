import type { Benefit } from './contract'
import type { Translate } from './messages/catalogue'

/** benefitInWords says what an offer gives, such as "20% off". Amounts are minor units; the currency knows how many digits. */
export function benefitInWords(benefit: Benefit, locale: string, t: Translate): string {
  switch (benefit.type) {
    case 'percentage':
      return t('percentOff', { value: percent(benefit.basis_points ?? 0, locale) })
    case 'fixed_amount':
      return t('amountOff', { value: money(benefit.amount ?? 0, benefit.currency ?? 'USD', locale) })
    case 'free_shipping':
      return t('freeShipping')
  }
}

function percent(basisPoints: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 }).format(basisPoints / 10_000)
}

function money(minor: number, currency: string, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency })
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}
