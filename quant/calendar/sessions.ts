import {
  EXCHANGE_CALENDARS,
  type CalendarId,
  type ExchangeCalendar,
  type TradingHours,
} from './exchangeCalendars.ts'
import { addDays, isWeekend, parseIsoDate, type IsoDate } from './isoDate.ts'
import type { SpecialDay } from './specialDay.ts'
import { zonedDate, zonedTimeToUtcMs } from './timeZone.ts'

/** A day on which the exchange trades. Instants are UTC milliseconds. */
export interface Session {
  readonly status: 'open'
  readonly calendar: CalendarId
  readonly date: IsoDate
  readonly preOpenMs: number
  readonly openMs: number
  /** Close of the underlying's market: 16:00 New York, 13:00 on half-days, 15:30 India. PM options settle here. */
  readonly underlyingCloseMs: number
  /** End of options trading: 15 minutes later for Cboe index options. */
  readonly closeMs: number
  readonly postCloseMs: number
  readonly earlyClose: boolean
  /** Beyond the exchange's announced calendar: the rule says so, the exchange has not yet. */
  readonly projected: boolean
  /** What is special about the day, null on an ordinary one. */
  readonly name: string | null
}

export interface Closure {
  readonly status: 'closed'
  readonly date: IsoDate
  readonly reason: 'weekend' | 'holiday' | 'special_closure' | 'outside_calendar' | 'invalid_date'
  readonly name: string | null
}

const LAST_DATE: IsoDate = '2099-12-31'

const dayCaches: Record<CalendarId, Map<IsoDate, Session | Closure>> = {
  XNYS: new Map(),
  XCBO: new Map(),
  XNSE: new Map(),
  DERIBIT: new Map(),
}

/** The session of a date (`YYYY-MM-DD`, the exchange's own date), or why there is none. */
export function sessionOn(calendar: CalendarId, date: IsoDate): Session | Closure {
  const cached = dayCaches[calendar].get(date)
  if (cached !== undefined) return cached
  if (parseIsoDate(date) === null) return closure(date, 'invalid_date', null)
  if (date < EXCHANGE_CALENDARS[calendar].from || date > LAST_DATE)
    return closure(date, 'outside_calendar', null)
  const day = dayOf(calendar, date)
  dayCaches[calendar].set(date, day)
  return day
}

/** The last session strictly before a date; null before the calendar begins. */
export function previousSession(calendar: CalendarId, date: IsoDate): Session | null {
  return seekSession(calendar, date, -1)
}

/** The first session strictly after a date; null after 2099. */
export function nextSession(calendar: CalendarId, date: IsoDate): Session | null {
  return seekSession(calendar, date, 1)
}

/**
 * The trading day a moment's cumulative figures belong to: the last session opened at or before it. Vendors' running
 * volume still shows the previous day until the open, so before 09:30 the day is yesterday's.
 */
export function sessionDateAt(calendar: CalendarId, nowMs: number): IsoDate | null {
  const today = zonedDate(EXCHANGE_CALENDARS[calendar].timeZone, nowMs)
  // The session of a date can open on the day before it.
  for (const date of [addDays(today, 1), today]) {
    const day = sessionOn(calendar, date)
    if (day.status === 'open' && day.openMs <= nowMs) return date
  }
  return previousSession(calendar, today)?.date ?? null
}

function seekSession(calendar: CalendarId, date: IsoDate, step: 1 | -1): Session | null {
  if (parseIsoDate(date) === null) return null
  const { from } = EXCHANGE_CALENDARS[calendar]
  // Outside the calendar, start at its edge instead of walking there day by day.
  let candidate = addDays(date, step)
  if (step === 1 && candidate < from) candidate = from
  if (step === -1 && candidate > LAST_DATE) candidate = LAST_DATE
  while (candidate >= from && candidate <= LAST_DATE) {
    const day = sessionOn(calendar, candidate)
    if (day.status === 'open') return day
    candidate = addDays(candidate, step)
  }
  return null
}

function dayOf(calendar: CalendarId, date: IsoDate): Session | Closure {
  const exchange = EXCHANGE_CALENDARS[calendar]
  const special = exchange.specialDay(date)
  if (special?.kind === 'closed') return closure(date, special.reason, special.name)
  if (special?.kind !== 'special_session' && !exchange.tradesWeekends && isWeekend(date))
    return closure(date, 'weekend', null)

  const hours = hoursOf(exchange, date, special)
  const instant = (minutes: number): number => zonedTimeToUtcMs(exchange.timeZone, date, minutes)
  return {
    status: 'open',
    calendar,
    date,
    preOpenMs: instant(hours.preOpen),
    openMs: instant(hours.open),
    underlyingCloseMs: instant(hours.underlyingClose),
    closeMs: instant(hours.close),
    postCloseMs: instant(hours.postClose),
    earlyClose: special?.kind === 'early_close',
    projected: date > exchange.announcedThrough,
    name: special?.name ?? null,
  }
}

function hoursOf(exchange: ExchangeCalendar, date: IsoDate, special: SpecialDay | undefined): TradingHours {
  if (special?.kind === 'early_close') return exchange.earlyCloseHours(special.closeMinutes)
  if (special?.kind !== 'special_session') return exchange.regularHours(date)
  const { openMinutes, closeMinutes } = special
  return {
    preOpen: openMinutes - 15,
    open: openMinutes,
    underlyingClose: closeMinutes,
    close: closeMinutes,
    postClose: closeMinutes,
  }
}

function closure(date: IsoDate, reason: Closure['reason'], name: string | null): Closure {
  return { status: 'closed', date, reason, name }
}
