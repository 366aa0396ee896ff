import type { Benefit, OfferInput, OfferLimits, OfferPeriod } from '../../api/types'
import { parseDecimal, parseMoney, parsePercent } from '../../text/money'
import { instantIn, isZone } from '../../text/zoned'
import { givesPoints, parts } from './benefit'
import type { OfferDraft, PeriodDraft, Place } from './draft'

/** DraftError names what is wrong with a field that cannot be read. */
export type DraftError = 'number.whole' | 'number.money' | 'number.percent' | 'number.factor' | 'required' | 'offers.zone.unknown'

/** Read is an offer that can be sent, or the fields that cannot be read. */
export type Read = { input: OfferInput } | { errors: Record<string, DraftError> }

/** readDraft turns what was typed into an offer. What is empty, zero or of another kind of benefit is left out. */
export function readDraft(draft: OfferDraft, place: Place, locale: string): Read {
  const reader = new Reader(locale)
  const { currency } = draft.benefit
  const zone = reader.zone(draft, place)
  const input: OfferInput = {
    name: reader.text('name', draft.name),
    names: draft.names,
    description: draft.description,
    group: draft.group,
    subgroup: draft.subgroup,
    tier: draft.tier,
    benefit: benefit(draft, reader),
    minimum_order: reader.money('minimum_order', draft.minimum_order, currency),
    starts_at: instantIn(draft.starts_at, zone),
    ends_at: instantIn(draft.ends_at, zone),
    time_zone: draft.time_zone.trim(),
    limits: limits(draft, reader),
    token_seconds: reader.whole('token_seconds', draft.token_seconds),
    priority: reader.whole('priority', draft.priority),
    exclusive: draft.exclusive,
    category: draft.category.trim(),
    rule: draft.rule.trim() && draft.rule,
    code_pool: draft.code_pool,
  }
  const { event, days_before: before, days_after: after } = draft.campaign
  if (event) {
    input.campaign = { event, days_before: reader.whole('campaign.days_before', before), days_after: reader.whole('campaign.days_after', after) }
  }
  return Object.keys(reader.errors).length ? { errors: reader.errors } : { input: compact(input) }
}

function benefit({ benefit: b }: OfferDraft, reader: Reader): Benefit {
  const has = parts[b.type]
  const out: Benefit = { type: b.type }
  if (has.measure === 'percent') out.basis_points = reader.percent('benefit.basis_points', b.basis_points)
  if (has.measure === 'factor') out.basis_points = reader.factor('benefit.basis_points', b.basis_points)
  if (has.measure === 'points') out.points = reader.whole('benefit.points', reader.text('benefit.points', b.points))
  if (has.measure === 'amount') {
    out.amount = reader.money('benefit.amount', b.amount, b.currency)
    out.currency = b.currency
    if (!b.amount.trim()) reader.errors['benefit.amount'] = 'number.money'
  }
  if (has.measure === 'gift') {
    out.gift = { sku: reader.text('benefit.gift.sku', b.gift.sku), quantity: reader.whole('benefit.gift.quantity', b.gift.quantity) }
  }
  if (has.maximum) out.maximum = reader.money('benefit.maximum', b.maximum, b.currency)
  if (has.targets.includes('lines') && b.target === 'lines') {
    out.categories = split(b.categories)
    out.skus = split(b.skus)
    if (!out.categories.length && !out.skus.length) reader.errors['benefit.categories'] = 'required'
  }
  if (has.targets.includes('shipping') && b.target === 'shipping') out.target = 'shipping'
  if (has.method && b.target !== 'shipping' && b.method) out.method = b.method
  return out
}

function limits({ limits: l, benefit: b }: OfferDraft, reader: Reader): OfferLimits {
  const out: OfferLimits = {
    total: reader.whole('limits.total', l.total),
    per_person: reader.whole('limits.per_person', l.per_person),
    per_customer: reader.whole('limits.per_customer', l.per_customer),
    per_order: reader.whole('limits.per_order', l.per_order),
    periods: l.periods.map((p, i) => period(p, `limits.periods.${i}`, reader)),
  }
  if (l.budget.amount.trim() && !givesPoints(b.type)) {
    const amount = reader.money('limits.budget.amount', l.budget.amount, l.budget.currency)
    out.budget = { amount, currency: l.budget.currency, restore: l.budget.restore }
  }
  return out
}

function period(p: PeriodDraft, at: string, reader: Reader): OfferPeriod {
  const uses = reader.whole(`${at}.uses`, reader.text(`${at}.uses`, p.uses))
  if (p.span !== 'days') return { by: p.by, uses, calendar: p.span }
  return { by: p.by, uses, days: reader.whole(`${at}.days`, reader.text(`${at}.days`, p.days)) }
}

/** split reads names that are separated by commas, each once. */
export function split(text: string): string[] {
  return [...new Set(text.split(',').map((name) => name.trim()).filter(Boolean))]
}

/** Reader reads texts into values and notes the fields that it cannot read. */
class Reader {
  readonly errors: Record<string, DraftError> = {}

  constructor(private readonly locale: string) {}

  text(field: string, text: string): string {
    if (!text.trim()) this.errors[field] = 'required'
    return text.trim()
  }

  whole(field: string, text: string): number {
    return this.take(field, 'number.whole', parseDecimal(text || '0', 0, this.locale))
  }

  money(field: string, text: string, currency: string): number {
    return this.take(field, 'number.money', parseMoney(text || '0', currency, this.locale))
  }

  percent(field: string, text: string): number {
    const value = parsePercent(text, this.locale)
    return this.take(field, 'number.percent', value !== null && value >= 1 && value <= 10_000 ? value : null)
  }

  factor(field: string, text: string): number {
    const value = parseDecimal(text, 4, this.locale)
    return this.take(field, 'number.factor', value !== null && value > 10_000 && value <= 1_000_000 ? value : null)
  }

  /** zone is the time zone that the offer's dates are in. */
  zone(draft: OfferDraft, place: Place): string {
    const zone = draft.time_zone.trim() || place.timezone
    if (isZone(zone)) return zone
    this.errors.time_zone = 'offers.zone.unknown'
    return 'UTC'
  }

  private take(field: string, error: DraftError, value: number | null): number {
    if (value === null) this.errors[field] ??= error
    return value ?? 0
  }
}

/** compact leaves out what is empty or zero, which is what the API reads a missing field as. */
function compact(input: OfferInput): OfferInput {
  return { ...(bare(input) as OfferInput), benefit: bare(input.benefit) as Benefit, limits: (bare(input.limits) ?? {}) as OfferLimits, token_seconds: input.token_seconds }
}

function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.length ? value : undefined
  if (typeof value !== 'object' || value === null) return value || undefined
  const kept = Object.entries(value).flatMap(([name, item]) => {
    const left = bare(item)
    return left === undefined ? [] : [[name, left]]
  })
  return kept.length ? Object.fromEntries(kept) : undefined
}
