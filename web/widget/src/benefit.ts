import type { Benefit } from './contract'
import type { MessageKey, Translate } from './messages/catalogue'

/** The words of a discount, by what it is on. */
const discounts = {
  percentage: { order: 'percentOff', lines: 'percentOffLines', shipping: 'percentOffShipping' },
  fixed_amount: { order: 'amountOff', lines: 'amountOffLines', shipping: 'amountOffShipping' },
  fixed_price: { order: 'price', lines: 'priceLines', shipping: 'priceShipping' },
} as const satisfies Record<string, Record<NonNullable<Benefit['target']>, MessageKey>>

/**
 * benefitInWords says what an offer gives, such as "20% off". Amounts are minor units; the currency knows how many
 * digits. A benefit that is newer than this widget is shown by the offer's name.
 */
export function benefitInWords(benefit: Benefit, locale: string, t: Translate, name = ''): string {
  const target = benefit.target ?? 'order'
  switch (benefit.type) {
    case 'percentage':
      return t(discounts.percentage[target], { value: percent(benefit.basis_points ?? 0, locale) })
    case 'fixed_amount':
    case 'fixed_price':
      return t(discounts[benefit.type][target], { value: money(benefit.amount ?? 0, benefit.currency ?? 'USD', locale) })
    case 'free_shipping':
      return t('freeShipping')
    case 'gift_line':
      return (benefit.gift?.quantity ?? 1) > 1 ? t('gifts', { value: number(benefit.gift?.quantity ?? 1, locale) }) : t('gift')
    case 'points_multiplier':
      return t('pointsTimes', { value: number((benefit.basis_points ?? 0) / 10_000, locale) })
    case 'bonus_points':
      return t('pointsExtra', { value: number(benefit.points ?? 0, locale) })
    default:
      return name || t('anOffer')
  }
}

function number(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 4 }).format(value)
}

function percent(basisPoints: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 }).format(basisPoints / 10_000)
}

function money(minor: number, currency: string, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency })
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}
