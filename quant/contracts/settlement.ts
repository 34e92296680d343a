import { INDIA_CLOSING_AUCTION_FROM, type CalendarId } from '#quant/calendar/exchangeCalendars'
import type { IsoDate } from '#quant/calendar/isoDate'
import { previousSession, sessionOn, type Session } from '#quant/calendar/sessions'
import { rootSpec } from './rootMaster.ts'

export type SettlementFlag =
  | 'AM_SETTLED'
  | 'HALF_DAY'
  /** Settles on an average: see `averagingMinutes`. */
  | 'AVG_SETTLE'
  /** Adjusted or FLEX root: terms the symbol does not carry. */
  | 'ADJ_CONTRACT'
  /** The listed date is not a session; settled on the one before. */
  | 'EXPIRY_MOVED'
  /** Beyond the exchange's announced calendar. */
  | 'CALENDAR_PROJECTED'

export interface SettlementInstant {
  readonly ok: true
  /** UTC milliseconds. From this instant on the contract has no time value. */
  readonly expiryMs: number
  /** The session it settles on. */
  readonly sessionDate: IsoDate
  readonly settlement: 'AM' | 'PM'
  /** Minutes before `expiryMs` over which the settlement value is averaged; 0 for a single print. */
  readonly averagingMinutes: number
  readonly flags: readonly SettlementFlag[]
}

export type SettlementResult =
  SettlementInstant | { readonly ok: false; readonly reason: 'invalid_date' | 'outside_calendar' }

/** What decides the instant of a date; caching by it keeps the cache small whatever roots a feed sends. */
const caches = new Map<string, Map<IsoDate, SettlementResult>>()

/**
 * When a contract settles. AM roots: the opening of the expiry date (09:30 New York). PM roots: the close of the
 * underlying's market, 16:00, or 13:00 on half-days even though eligible options then trade to 13:15. A listed date
 * that is not a session (a holiday, or the Saturdays the OCC used until 2015) settles on the session before it.
 *
 * NSE index options settle at 15:30 India time on the index close: the last half hour's weighted average until the
 * closing auction replaced it on 2026-08-03. Deribit's settle at 08:00 UTC on the average of the index over the last half
 * hour. Source: OCC and Cboe product specifications; NSE settlement price page; Deribit, "Inverse options".
 */
export function settlementInstantMs(contract: {
  readonly root: string
  readonly expiryDate: IsoDate
}): SettlementResult {
  const spec = rootSpec(contract.root)
  const excluded = spec.exclusion !== null
  const key = `${spec.calendar}/${spec.settlement}${excluded ? '/excluded' : ''}`
  let byDate = caches.get(key)
  if (byDate === undefined) {
    byDate = new Map()
    caches.set(key, byDate)
  }
  let result = byDate.get(contract.expiryDate)
  if (result === undefined) {
    result = resolve(spec.calendar, spec.settlement, excluded, contract.expiryDate)
    if (result.ok) byDate.set(contract.expiryDate, result)
  }
  return result
}

function resolve(
  calendar: CalendarId,
  settlement: 'AM' | 'PM',
  excluded: boolean,
  expiryDate: IsoDate,
): SettlementResult {
  const day = sessionOn(calendar, expiryDate)
  if (day.status === 'closed' && (day.reason === 'invalid_date' || day.reason === 'outside_calendar')) {
    return { ok: false, reason: day.reason }
  }
  const session = day.status === 'open' ? day : previousSession(calendar, expiryDate)
  if (session === null) return { ok: false, reason: 'outside_calendar' }

  const averagingMinutes = averagingMinutesOn(calendar, session.date)
  const flags: SettlementFlag[] = []
  if (settlement === 'AM') flags.push('AM_SETTLED')
  if (session.earlyClose) flags.push('HALF_DAY')
  if (averagingMinutes > 0) flags.push('AVG_SETTLE')
  if (excluded) flags.push('ADJ_CONTRACT')
  if (session.date !== expiryDate) flags.push('EXPIRY_MOVED')
  if (session.projected) flags.push('CALENDAR_PROJECTED')
  return {
    ok: true,
    expiryMs: instantOf(session, settlement),
    sessionDate: session.date,
    settlement,
    averagingMinutes,
    flags,
  }
}

function instantOf(session: Session, settlement: 'AM' | 'PM'): number {
  return settlement === 'AM' ? session.openMs : session.underlyingCloseMs
}

function averagingMinutesOn(calendar: CalendarId, date: IsoDate): number {
  const isAveraged = calendar === 'DERIBIT' || (calendar === 'XNSE' && date < INDIA_CLOSING_AUCTION_FROM)
  return isAveraged ? 30 : 0
}
