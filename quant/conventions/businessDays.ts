import { dateOfDayNumber, dayNumber, SATURDAY, SUNDAY, weekday, type IsoDate } from '../calendar/isoDate.ts'

/** Weekdays from `from`, included, to `to`, not included; holidays count, as in NumPy's `busday_count` without a calendar. */
export function businessDaysBetween(from: IsoDate, to: IsoDate): number {
  let count = 0
  for (let day = dayNumber(from); day < dayNumber(to); day++) {
    const weekdayHere = weekday(dateOfDayNumber(day))
    if (weekdayHere !== SATURDAY && weekdayHere !== SUNDAY) count++
  }
  return count
}
