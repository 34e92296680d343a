import { EXCHANGE_CALENDARS, type CalendarId } from './exchangeCalendars.ts'
import { addDays, type IsoDate } from './isoDate.ts'
import { nextSession, sessionOn, type Closure, type Session } from './sessions.ts'
import { zonedDate } from './timeZone.ts'

export interface MarketState {
  readonly state: 'pre' | 'open' | 'post' | 'closed'
  /** The session in progress; when closed, the next one. Null only past the calendar's last date. */
  readonly session: Session | null
  /** When `state` next changes, UTC milliseconds; null when no further session is known. */
  readonly nextChangeMs: number | null
  /** Why today has no session, when it has none. */
  readonly closure: Closure | null
}

/** State of an exchange at an instant. Boundaries belong to the state they begin: exactly at the open it is open. */
export function marketState(calendar: CalendarId, nowMs: number): MarketState {
  const today = zonedDate(EXCHANGE_CALENDARS[calendar].timeZone, nowMs)
  const day = sessionOn(calendar, today)
  const closure = day.status === 'closed' ? day : null
  const session = sessionNotOver(calendar, today, nowMs)
  if (session === null) return { state: 'closed', session: null, nextChangeMs: null, closure }
  return { ...phaseOf(session, nowMs), session, closure }
}

/** Today's session or the next, whichever has not ended: the overnight session of tomorrow begins this evening. */
function sessionNotOver(calendar: CalendarId, today: IsoDate, nowMs: number): Session | null {
  const session = nextSession(calendar, addDays(today, -1))
  return session !== null && nowMs >= session.postCloseMs ? nextSession(calendar, session.date) : session
}

function phaseOf(session: Session, nowMs: number): Pick<MarketState, 'state' | 'nextChangeMs'> {
  if (nowMs < session.preOpenMs) return { state: 'closed', nextChangeMs: session.preOpenMs }
  if (nowMs < session.openMs) return { state: 'pre', nextChangeMs: session.openMs }
  if (nowMs >= session.closeMs) return { state: 'post', nextChangeMs: session.postCloseMs }
  return { state: 'open', nextChangeMs: session.closeMs }
}
