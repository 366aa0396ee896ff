import type { Benefit, BenefitType } from '../../api/types'

/** Target is what a benefit is on, spelled out. */
export type Target = NonNullable<Benefit['target']>

/** Parts say which fields a kind of benefit has; the API refuses all others. */
export interface Parts {
  measure: 'percent' | 'factor' | 'amount' | 'points' | 'gift' | null
  maximum: boolean
  method: boolean
  /** targets are what it can be on, the usual one first; empty where there is nothing to choose. */
  targets: readonly Target[]
}

const money = { maximum: true, method: true, targets: ['order', 'lines', 'shipping'] } as const

/** parts lists every kind of benefit with its fields, in the order in which they are offered. */
export const parts: Record<BenefitType, Parts> = {
  percentage: { measure: 'percent', ...money },
  fixed_amount: { measure: 'amount', ...money },
  fixed_price: { measure: 'amount', ...money },
  free_shipping: { measure: null, maximum: true, method: false, targets: [] },
  gift_line: { measure: 'gift', maximum: false, method: false, targets: [] },
  points_multiplier: { measure: 'factor', maximum: false, method: false, targets: ['order', 'lines'] },
  bonus_points: { measure: 'points', maximum: false, method: false, targets: ['order', 'lines'] },
}

/** benefitTypes in the order in which they are offered. */
export const benefitTypes = Object.keys(parts) as readonly BenefitType[]

/** targetOf is what a benefit is on: what it says, or what follows from its other fields. */
export function targetOf(benefit: Benefit): Target {
  if (benefit.type === 'free_shipping') return 'shipping'
  if (benefit.target) return benefit.target
  return benefit.categories?.length || benefit.skus?.length ? 'lines' : 'order'
}

/** givesPoints tells whether a benefit gives points instead of money. */
export function givesPoints(type: BenefitType): boolean {
  return parts[type].measure === 'factor' || parts[type].measure === 'points'
}
