import { goodFriday } from './easter.ts'
import {
  addDays,
  FRIDAY,
  isoDate,
  lastWeekday,
  MONDAY,
  nthWeekday,
  SATURDAY,
  SUNDAY,
  THURSDAY,
  TUESDAY,
  WEDNESDAY,
  weekday,
  yearOf,
  type IsoDate,
} from './isoDate.ts'
import type { SpecialDay } from './specialDay.ts'
import { US_OVERRIDES } from './usOverrides.ts'

const ONE_PM = 13 * 60
const TWO_PM = 14 * 60

const daysOfYear = new Map<number, ReadonlyMap<IsoDate, SpecialDay>>()

/**
 * Closures and early closes of the New York Stock Exchange in a year, by rule, then amended by the dated overrides.
 * The U.S. options exchanges keep the same days. Source: NYSE Rule 7.2 and the exchange's yearly "Holiday and Early
 * Closings Calendar"; the rules hold from 1990 and reproduce every announced date through 2028.
 */
export function usSpecialDays(year: number): ReadonlyMap<IsoDate, SpecialDay> {
  let days = daysOfYear.get(year)
  if (days === undefined) {
    days = new Map<IsoDate, SpecialDay>([
      ...earlyCloses(year).map(
        ([date, closeMinutes, name]) => [date, { kind: 'early_close', closeMinutes, name }] as const,
      ),
      // Holidays after early closes: where both rules name a date, the exchange is closed.
      ...holidays(year).map(([date, name]) => [date, { kind: 'closed', reason: 'holiday', name }] as const),
      ...US_OVERRIDES.filter(({ date }) => yearOf(date) === year).map(
        ({ date, day }) => [date, day] as const,
      ),
    ])
    daysOfYear.set(year, days)
  }
  return days
}

function holidays(year: number): [IsoDate, string][] {
  const days: [IsoDate, string][] = [
    [nthWeekday(year, 2, MONDAY, 3), "Washington's Birthday"],
    [goodFriday(year), 'Good Friday'],
    [lastWeekday(year, 5, MONDAY), 'Memorial Day'],
    [observed(isoDate(year, 7, 4)), 'Independence Day'],
    [nthWeekday(year, 9, MONDAY, 1), 'Labor Day'],
    [nthWeekday(year, 11, THURSDAY, 4), 'Thanksgiving Day'],
    [observed(isoDate(year, 12, 25)), 'Christmas Day'],
  ]
  // A Saturday New Year's Day is not observed: the Friday before ends the accounting year (NYSE Rule 7.2).
  const newYear = isoDate(year, 1, 1)
  if (weekday(newYear) !== SATURDAY) days.push([observed(newYear), "New Year's Day"])
  if (year >= 1998) days.push([nthWeekday(year, 1, MONDAY, 3), 'Martin Luther King, Jr. Day'])
  if (year >= 2022) days.push([observed(isoDate(year, 6, 19)), 'Juneteenth'])
  return days
}

function earlyCloses(year: number): [IsoDate, number, string][] {
  const closeMinutes = year < 1993 ? TWO_PM : ONE_PM
  const days: [IsoDate, number, string][] = []
  const christmasEve = isoDate(year, 12, 24)
  const christmasEveDay = weekday(christmasEve)
  if (christmasEveDay >= MONDAY && christmasEveDay <= THURSDAY)
    days.push([christmasEve, closeMinutes, 'Christmas Eve'])
  if (year >= 1992) {
    days.push([addDays(nthWeekday(year, 11, THURSDAY, 4), 1), closeMinutes, 'Day after Thanksgiving'])
  }
  const beside = besideIndependenceDay(year)
  if (beside !== null) days.push([beside, closeMinutes, 'Independence Day half-day'])
  return days
}

/** The half-day is 3 July when that is a weekday, except that until 2012 a Thursday 4th took Friday 5th instead. */
function besideIndependenceDay(year: number): IsoDate | null {
  if (year < 1995) return null
  switch (weekday(isoDate(year, 7, 4))) {
    case TUESDAY:
    case WEDNESDAY:
    case FRIDAY:
      return isoDate(year, 7, 3)
    case THURSDAY:
      return isoDate(year, 7, year < 2013 ? 5 : 3)
    default:
      return null
  }
}

function observed(date: IsoDate): IsoDate {
  const day = weekday(date)
  if (day === SATURDAY) return addDays(date, -1)
  return day === SUNDAY ? addDays(date, 1) : date
}
