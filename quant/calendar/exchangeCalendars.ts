import { indiaSpecialDay, LAST_INDIA_YEAR } from './indiaSpecialDays.ts'
import { yearOf, type IsoDate } from './isoDate.ts'
import type { SpecialDay } from './specialDay.ts'
import { INDIA, NEW_YORK, UTC, type TimeZone } from './timeZone.ts'
import { usSpecialDays } from './usSpecialDays.ts'

/**
 * - `XNYS`: U.S. equities, and the options on equities and most ETFs that keep their hours.
 * - `XCBO`: Cboe index options and the broad ETF options, which trade 15 minutes past the equity close.
 * - `XNSE`: index options of the National Stock Exchange of India.
 * - `DERIBIT`: coin options of Deribit, without a pause.
 */
export type CalendarId = 'XNYS' | 'XCBO' | 'XNSE' | 'DERIBIT'

/** Minutes after local midnight of the session's date; negative is the evening before. */
export interface TradingHours {
  readonly preOpen: number
  readonly open: number
  /** When the underlying's market closes: the settlement instant of PM-settled options. */
  readonly underlyingClose: number
  /** When the options stop trading. */
  readonly close: number
  readonly postClose: number
}

export interface ExchangeCalendar {
  readonly timeZone: TimeZone
  /** First date this calendar answers for. */
  readonly from: IsoDate
  /** Last date announced by the exchange; later sessions follow the rules and are marked `projected`. */
  readonly announcedThrough: IsoDate
  /** Whether Saturdays and Sundays are sessions like any other day. */
  readonly tradesWeekends: boolean
  specialDay(date: IsoDate): SpecialDay | undefined
  regularHours(date: IsoDate): TradingHours
  earlyCloseHours(underlyingClose: number): TradingHours
}

const at = (hour: number, minute: number): number => hour * 60 + minute

function usSpecialDay(date: IsoDate): SpecialDay | undefined {
  return usSpecialDays(yearOf(date)).get(date)
}

/** Early and late trading 04:00–20:00, late trading to 17:00 on half-days (NYSE Arca). */
const XNYS: ExchangeCalendar = {
  timeZone: NEW_YORK,
  from: '1990-01-01',
  announcedThrough: '2028-12-31',
  tradesWeekends: false,
  specialDay: usSpecialDay,
  regularHours: () => ({
    preOpen: at(4, 0),
    open: at(9, 30),
    underlyingClose: at(16, 0),
    close: at(16, 0),
    postClose: at(20, 0),
  }),
  earlyCloseHours: (close) => ({
    preOpen: at(4, 0),
    open: at(9, 30),
    underlyingClose: close,
    close,
    postClose: at(17, 0),
  }),
}

/**
 * Global trading hours run from 20:15 the evening before, the curb session to 17:00 (Cboe Rule 5.1); no curb session
 * is claimed for half-days. Hours are today's, applied to the past: before 1993 half-days differed and are not claimed.
 */
const XCBO: ExchangeCalendar = {
  timeZone: NEW_YORK,
  from: '1993-01-01',
  announcedThrough: '2028-12-31',
  tradesWeekends: false,
  specialDay: usSpecialDay,
  regularHours: () => ({
    preOpen: at(20, 15) - at(24, 0),
    open: at(9, 30),
    underlyingClose: at(16, 0),
    close: at(16, 15),
    postClose: at(17, 0),
  }),
  earlyCloseHours: (close) => ({
    preOpen: at(20, 15) - at(24, 0),
    open: at(9, 30),
    underlyingClose: close,
    close: close + 15,
    postClose: close + 15,
  }),
}

/** First day of the closing auction: index options then trade to 15:40 (SEBI circular of 16 January 2026, §CAS). */
export const INDIA_CLOSING_AUCTION_FROM: IsoDate = '2026-08-03'

/** Later than the table only the holidays that do not follow the moon are known; every other weekday is `projected`. */
const XNSE: ExchangeCalendar = {
  timeZone: INDIA,
  from: '2022-01-01',
  announcedThrough: `${LAST_INDIA_YEAR}-12-31`,
  tradesWeekends: false,
  specialDay: indiaSpecialDay,
  regularHours: (date) => ({
    preOpen: at(9, 0),
    open: at(9, 15),
    underlyingClose: at(15, 30),
    close: date < INDIA_CLOSING_AUCTION_FROM ? at(15, 30) : at(15, 40),
    postClose: at(16, 0),
  }),
  earlyCloseHours: (close) => ({
    preOpen: at(9, 0),
    open: at(9, 15),
    underlyingClose: close,
    close,
    postClose: close,
  }),
}

/** The day of a market that never closes runs from one expiry to the next, and bears the date of its end. */
const DERIBIT_DAY: TradingHours = {
  preOpen: at(8, 0) - at(24, 0),
  open: at(8, 0) - at(24, 0),
  underlyingClose: at(8, 0),
  close: at(8, 0),
  postClose: at(8, 0),
}

/** Options expire at 08:00 UTC (Deribit, "Inverse options" specification). Nothing is claimed before 2020. */
const DERIBIT: ExchangeCalendar = {
  timeZone: UTC,
  from: '2020-01-01',
  announcedThrough: '2099-12-31',
  tradesWeekends: true,
  specialDay: () => undefined,
  regularHours: () => DERIBIT_DAY,
  earlyCloseHours: () => DERIBIT_DAY,
}

export const EXCHANGE_CALENDARS: Readonly<Record<CalendarId, ExchangeCalendar>> = {
  XNYS,
  XCBO,
  XNSE,
  DERIBIT,
}
