import type { Program, ProgramInput, WindowType } from '../../api/types'
import { exponent, moneyText, parseDecimal, parseMoney } from '../../text/money'

/** ProgramDraft is a program as it is typed: numbers as text, named like the fields of the API. */
export interface ProgramDraft {
  name: string
  earn: { currency: string; points: string; per_amount: string }[]
  pending_days: string
  expires_after_days: string
  window: { type: WindowType; days: string }
  tiers: { id: string; name: string; threshold: string }[]
}

/** DraftError names what is wrong with a field that cannot be read. */
export type DraftError = 'number.whole' | 'number.money' | 'required'

/** draftOf makes what is typed from a program, or a sensible beginning for a store that has none. */
export function draftOf(program: Program | null, currency: string, locale: string): ProgramDraft {
  if (!program) {
    return {
      name: '',
      earn: [{ currency, points: '1', per_amount: moneyText(10 ** exponent(currency), currency, locale) }],
      pending_days: '14',
      expires_after_days: '365',
      window: { type: 'rolling', days: '365' },
      tiers: [{ id: 'member', name: 'Member', threshold: '0' }],
    }
  }
  return {
    name: program.name,
    earn: program.earn.map((e) => ({ currency: e.currency, points: String(e.points), per_amount: moneyText(e.per_amount, e.currency, locale) })),
    pending_days: String(program.pending_days ?? 0),
    expires_after_days: String(program.expires_after_days ?? 0),
    window: { type: program.window.type, days: String(program.window.days || 365) },
    tiers: program.tiers.map((tier) => ({ ...tier, threshold: String(tier.threshold) })),
  }
}

/** readDraft turns what was typed into a program, or names the fields that cannot be read. */
export function readDraft(draft: ProgramDraft, locale: string): { input: ProgramInput } | { errors: Record<string, DraftError> } {
  const errors: Record<string, DraftError> = {}
  const take = (field: string, error: DraftError, value: number | null): number => {
    if (value === null) errors[field] = error
    return value ?? 0
  }
  const whole = (field: string, text: string) => take(field, 'number.whole', parseDecimal(text, 0, locale))
  if (!draft.name.trim()) errors.name = 'required'
  const { type, days } = draft.window
  const input: ProgramInput = {
    name: draft.name.trim(),
    earn: draft.earn.map((e, i) => ({
      currency: e.currency,
      points: whole(`earn.${i}.points`, e.points),
      per_amount: take(`earn.${i}.per_amount`, 'number.money', parseMoney(e.per_amount, e.currency, locale)),
    })),
    pending_days: whole('pending_days', draft.pending_days),
    expires_after_days: whole('expires_after_days', draft.expires_after_days),
    window: type === 'rolling' ? { type, days: whole('window.days', days) } : { type },
    tiers: draft.tiers.map((tier, i) => ({ id: tier.id.trim(), name: tier.name.trim(), threshold: whole(`tiers.${i}.threshold`, tier.threshold) })),
  }
  return Object.keys(errors).length ? { errors } : { input }
}
