import type { Benefit } from '../../api/types'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'

/** useBenefit returns how a benefit is said in a few words: "20 % off". */
export function useBenefit(): (benefit: Benefit) => string {
  const { t } = useLanguage()
  const { money, percent } = useFormat()
  return (benefit) => {
    switch (benefit.type) {
      case 'percentage':
        return t('offers.benefit.percentage', { percent: percent(benefit.basis_points ?? 0) })
      case 'fixed_amount':
        return t('offers.benefit.fixed_amount', { amount: money(benefit.amount ?? 0, benefit.currency ?? '') })
      default:
        return t('offers.free_shipping')
    }
  }
}
