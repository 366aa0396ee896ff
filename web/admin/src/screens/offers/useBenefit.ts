import type { Benefit } from '../../api/types'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'

/** useBenefit returns how a benefit is said in a few words: "20 % off". */
export function useBenefit(): (benefit: Benefit) => string {
  const { t } = useLanguage()
  const { money, number, percent } = useFormat()
  return (benefit) => {
    switch (benefit.type) {
      case 'percentage':
        return t('offers.benefit.percentage', { percent: percent(benefit.basis_points ?? 0) })
      case 'fixed_amount':
        return t('offers.benefit.fixed_amount', { amount: money(benefit.amount ?? 0, benefit.currency ?? '') })
      case 'fixed_price':
        return t('offers.benefit.fixed_price', { amount: money(benefit.amount ?? 0, benefit.currency ?? '') })
      case 'free_shipping':
        return t('offers.free_shipping')
      case 'gift_line':
        return t('offers.benefit.gift_line', { quantity: number(benefit.gift?.quantity ?? 1), sku: benefit.gift?.sku ?? '' })
      case 'points_multiplier':
        return t('offers.benefit.points_multiplier', { times: number((benefit.basis_points ?? 0) / 10_000) })
      case 'bonus_points':
        return t('offers.benefit.bonus_points', { points: number(benefit.points ?? 0) })
      default:
        return benefit.type
    }
  }
}
