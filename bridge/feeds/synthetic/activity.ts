import { EXCHANGE_CALENDARS, type CalendarId } from '#quant/calendar/exchangeCalendars'
import { offsetMsAt } from '#quant/calendar/timeZone'

const DAY_MS = 86_400_000
const QUIET = 0.45

/**
 * How busy the market is at a moment of its local day, 1 on average within regular hours: the U shape of intraday
 * volatility (R. Wood, T. McInish and J. Ord, "An investigation of transactions data for NYSE stocks", 1985), and
 * quiet outside. Weekdays do not matter: the invented market is always in session.
 */
export function activityAt(calendar: CalendarId, nowMs: number): number {
  const { timeZone } = EXCHANGE_CALENDARS[calendar]
  const local = nowMs + offsetMsAt(timeZone, nowMs)
  const minute = (((local % DAY_MS) + DAY_MS) % DAY_MS) / 60_000
  const [open, close] = calendar === 'XNSE' ? [9 * 60 + 15, 15 * 60 + 30] : [9 * 60 + 30, 16 * 60]
  if (minute < open || minute > close) return QUIET
  const fromNoon = (2 * (minute - open)) / (close - open) - 1
  return 0.7 + 0.9 * fromNoon * fromNoon
}
