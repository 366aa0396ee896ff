import type { OfferVersion } from '../../api/types'
import { type MessageKey, isMessage } from '../../messages'
import type { Translate } from '../../text/language'

type OfferFields = OfferVersion['offer']

/** labels are the names that the form gives to fields; a field without one is named as the API names it. */
const labels: Record<string, MessageKey> = {
  state: 'column.state',
  name: 'offers.name',
  group: 'policies.group',
  subgroup: 'policies.subgroup',
  tier: 'offers.tier',
  'benefit.type': 'offers.benefit.type',
  'benefit.target': 'offers.target',
  'benefit.method': 'offers.method',
  'benefit.categories': 'offers.categories',
  'benefit.skus': 'offers.skus',
  'benefit.basis_points': 'offers.percent',
  'benefit.amount': 'offers.amount',
  'benefit.currency': 'offers.currency',
  'benefit.maximum': 'offers.maximum',
  'benefit.points': 'offers.points',
  'benefit.gift.sku': 'offers.gift.sku',
  'benefit.gift.quantity': 'offers.gift.quantity',
  minimum_order: 'offers.minimum',
  starts_at: 'offers.starts',
  ends_at: 'offers.ends',
  time_zone: 'offers.zone',
  'campaign.event': 'offers.campaign',
  'campaign.days_before': 'offers.campaign.before',
  'campaign.days_after': 'offers.campaign.after',
  'limits.total': 'offers.limits.total',
  'limits.per_person': 'offers.limits.per_person',
  'limits.per_customer': 'offers.limits.per_customer',
  'limits.per_order': 'offers.limits.per_order',
  'limits.budget.amount': 'offers.budget',
  'limits.budget.currency': 'offers.budget.currency',
  'limits.budget.restore': 'offers.budget.restore',
  token_seconds: 'offers.token',
  priority: 'offers.priority',
  exclusive: 'offers.exclusive.short',
  category: 'offers.category',
  rule: 'rule.title',
  code_pool: 'offers.pool.short',
}

/** fieldName says a field of an offer in the words of its form. */
export function fieldName(path: string, t: Translate): string {
  const label = labels[path]
  if (label) return t(label)
  const [, field, locale] = /^(names|description)\.(.+)$/.exec(path) ?? []
  if (field === 'names' || field === 'description') return `${t(`offers.${field}`)} (${locale})`
  return path
}

/** Writing is how values are written for people. */
export interface Writing {
  t: Translate
  money: (minor: number, currency: string) => string
  percent: (basisPoints: number) => string
  number: (value: number) => string
  time: (iso: string) => string
}

/** fieldValue writes a value of an offer's field the way the form shows it. currency is the store's. */
export function fieldValue(path: string, value: string, offer: OfferFields, currency: string, say: Writing): string {
  switch (path) {
    case 'benefit.basis_points':
      return offer.benefit.type === 'points_multiplier' ? `×\u00a0${say.number(Number(value) / 10_000)}` : say.percent(Number(value))
    case 'benefit.amount':
    case 'benefit.maximum':
    case 'minimum_order':
      return say.money(Number(value), offer.benefit.currency || currency)
    case 'limits.budget.amount':
      return say.money(Number(value), offer.limits.budget?.currency ?? currency)
    case 'starts_at':
    case 'ends_at':
      return say.time(value)
    case 'benefit.type':
      return isMessage(`offers.${value}`) ? say.t(`offers.${value}` as MessageKey) : value
    case 'campaign.event':
      return isMessage(`event.${value}`) ? say.t(`event.${value}` as MessageKey) : value
    case 'state':
      return isMessage(`state.${value}`) ? say.t(`state.${value}` as MessageKey) : value
    default:
      return value === 'true' ? say.t('yes') : value === 'false' ? say.t('no') : value
  }
}
