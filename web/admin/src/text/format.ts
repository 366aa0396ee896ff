import { useMemo } from 'react'
import type { Texts } from '../api/types'
import { useLanguage } from './language'
import { formatMoney, percentText } from './money'

/** useFormat returns how numbers, money and times are written in the console's language. */
export function useFormat() {
  const { language } = useLanguage()
  return useMemo(() => formats(language), [language])
}

/** formats is useFormat for a given language. Times are those of the person's own time zone. */
export function formats(language: string) {
  const number = new Intl.NumberFormat(language)
  const time = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
  const calendarDay = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' })
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' })
  return {
    number: (value: number) => number.format(value),
    money: (minor: number, currency: string) => formatMoney(minor, currency, language),
    percent: (basisPoints: number) => `${percentText(basisPoints, language)}\u00a0%`,
    time: (iso: string | null | undefined) => (iso ? time.format(new Date(iso)) : '–'),
    date: (iso: string | null | undefined) => (iso ? date.format(new Date(iso)) : '–'),
    /** day writes a calendar day, "2026-11-21", without its year. */
    day: (iso: string) => day.format(new Date(`${iso.slice(0, 10)}T00:00:00Z`)),
    /** calendarDay writes a day of the calendar, given as midnight UTC, with its year. */
    calendarDay: (midnight: Date) => calendarDay.format(midnight),
    /** label picks the text of the console's language, else English, else any. */
    label: (texts: Texts | undefined) => texts?.[language] ?? texts?.en ?? Object.values(texts ?? {})[0] ?? '',
  }
}

/** localInput turns an instant into the value of a datetime-local field, in the person's time zone. */
export function localInput(iso: string | null | undefined): string {
  if (!iso) return ''
  const at = new Date(iso)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** instant turns the value of a datetime-local field into RFC 3339 UTC; null when it is empty. */
export function instant(local: string): string | null {
  if (!local) return null
  const at = new Date(local)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}
