import { addDays, FRIDAY, nthWeekday, type IsoDate } from '#quant/calendar/isoDate'
import { previousSession, sessionOn } from '#quant/calendar/sessions'

/**
 * Standard monthly expiry of U.S. options: the third Friday, or the session before it when the exchange is closed that
 * Friday (Thursday in June 2026 and June 2027). `month` is 1–12; null for years outside the calendar (1990–2099).
 */
export function monthlyExpiryDate(year: number, month: number): IsoDate | null {
  return sessionAtOrBefore(nthWeekday(year, month, FRIDAY, 3))
}

/**
 * Monthly expiry of VIX options: the Wednesday 30 days before the third Friday of the following month. When that
 * Wednesday or that Friday is a holiday, the business day before the Wednesday. Source: Cboe VIX option specifications.
 */
export function vixMonthlyExpiryDate(year: number, month: number): IsoDate | null {
  const friday = month === 12 ? nthWeekday(year + 1, 1, FRIDAY, 3) : nthWeekday(year, month + 1, FRIDAY, 3)
  const wednesday = addDays(friday, -30)
  return sessionOn('XNYS', friday).status === 'open'
    ? sessionAtOrBefore(wednesday)
    : (previousSession('XNYS', wednesday)?.date ?? null)
}

function sessionAtOrBefore(date: IsoDate): IsoDate | null {
  const day = sessionOn('XNYS', date)
  if (day.status === 'open') return date
  return day.reason === 'outside_calendar' ? null : (previousSession('XNYS', date)?.date ?? null)
}
