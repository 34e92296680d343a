/** Calendar dates as `YYYY-MM-DD` text: sortable, readable in logs, and free of any time zone. */
export type IsoDate = string

export interface DateParts {
  readonly year: number
  /** 1–12. */
  readonly month: number
  readonly day: number
}

/** Sunday first, as in `Date.prototype.getUTCDay`. */
export const SUNDAY = 0
export const MONDAY = 1
export const TUESDAY = 2
export const WEDNESDAY = 3
export const THURSDAY = 4
export const FRIDAY = 5
export const SATURDAY = 6

const DAY_MS = 86_400_000
const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/

export function isoDate(year: number, month: number, day: number): IsoDate {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** Parts of a date that exists, or null: `2026-02-30` is not a date. */
export function parseIsoDate(text: string): DateParts | null {
  const match = ISO_DATE.exec(text)
  if (match === null) return null
  const year = Number(match[1])
  const month = Number(match[2])
  const day = Number(match[3])
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
    ? { year, month, day }
    : null
}

export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** Whole days since 1970-01-01. */
export function dayNumber(date: IsoDate): number {
  return Date.parse(date) / DAY_MS
}

export function dateOfDayNumber(day: number): IsoDate {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

export function addDays(date: IsoDate, days: number): IsoDate {
  return dateOfDayNumber(dayNumber(date) + days)
}

/** 0 Sunday … 6 Saturday. */
export function weekday(date: IsoDate): number {
  return new Date(dayNumber(date) * DAY_MS).getUTCDay()
}

export function isWeekend(date: IsoDate): boolean {
  const day = weekday(date)
  return day === SATURDAY || day === SUNDAY
}

export function yearOf(date: IsoDate): number {
  return Number(date.slice(0, 4))
}

/** The `n`th (1 = first) given weekday of a month. */
export function nthWeekday(year: number, month: number, day: number, n: number): IsoDate {
  const first = isoDate(year, month, 1)
  return addDays(first, ((day - weekday(first) + 7) % 7) + 7 * (n - 1))
}

export function lastWeekday(year: number, month: number, day: number): IsoDate {
  const last = isoDate(year, month, daysInMonth(year, month))
  return addDays(last, -((weekday(last) - day + 7) % 7))
}
