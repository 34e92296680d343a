import { goodFriday } from './easter.ts'
import { INDIA_OVERRIDES } from './indiaOverrides.ts'
import { isWeekend, yearOf, type IsoDate } from './isoDate.ts'
import type { SpecialDay } from './specialDay.ts'

/**
 * Weekday trading holidays of the National Stock Exchange of India, equity derivatives. Most follow lunar calendars and
 * state notifications, so there is no rule to derive them from. Source: NSE yearly "Trading holidays" circulars
 * (2023-06-29 as moved from 06-28); days declared later are in `indiaOverrides.ts`.
 */
const HOLIDAYS: Readonly<Record<string, string>> = {
  '2022': '01-26 03-01 03-18 04-14 04-15 05-03 08-09 08-15 08-31 10-05 10-26 11-08',
  '2023': '01-26 03-07 03-30 04-04 04-07 04-14 05-01 06-29 08-15 09-19 10-02 10-24 11-14 11-27 12-25',
  '2024': '01-26 03-08 03-25 03-29 04-11 04-17 05-01 06-17 07-17 08-15 10-02 11-15 12-25',
  '2025': '02-26 03-14 03-31 04-10 04-14 04-18 05-01 08-15 08-27 10-02 10-22 11-05 12-25',
  '2026': '01-26 03-03 03-26 03-31 04-03 04-14 05-01 05-28 06-26 09-14 10-02 10-20 11-10 11-24 12-25',
}

/** Last year of the table. */
export const LAST_INDIA_YEAR = 2026

/** Holidays of every year that do not follow the moon; on a weekday each has been a trading holiday every year of the table. */
const FIXED_HOLIDAYS: Readonly<Record<string, string>> = {
  '01-26': 'Republic Day',
  '04-14': 'Ambedkar Jayanti',
  '05-01': 'Maharashtra Day',
  '08-15': 'Independence Day',
  '10-02': 'Gandhi Jayanti',
  '12-25': 'Christmas',
}

const KNOWN_DAYS: ReadonlyMap<IsoDate, SpecialDay> = new Map([
  ...Object.entries(HOLIDAYS).flatMap(([year, dates]) =>
    dates
      .split(' ')
      .map((date): [IsoDate, SpecialDay] => [`${year}-${date}`, holiday('NSE trading holiday')]),
  ),
  ...INDIA_OVERRIDES.map(({ date, day }): [IsoDate, SpecialDay] => [date, day]),
])

export function indiaSpecialDay(date: IsoDate): SpecialDay | undefined {
  return yearOf(date) > LAST_INDIA_YEAR ? projectedHoliday(date) : KNOWN_DAYS.get(date)
}

/** A holiday that will be one whatever the moon does; some ten lunar ones a year stay unknown. */
export function projectedHoliday(date: IsoDate): SpecialDay | undefined {
  if (isWeekend(date)) return undefined
  const name = date === goodFriday(yearOf(date)) ? 'Good Friday' : FIXED_HOLIDAYS[date.slice(5)]
  return name === undefined ? undefined : holiday(`${name}, projected`)
}

function holiday(name: string): SpecialDay {
  return { kind: 'closed', reason: 'holiday', name }
}
