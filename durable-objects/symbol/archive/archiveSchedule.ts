/**
 * Which snapshot is due. One per minute while market time moves, and one marked as the close after each session that
 * the data has lived through. An id names a state, so the same state can only be archived once: market time to the
 * second, and for a recording, whose time stands still while it is being read, also the hash of its state.
 */
import type { FeedKind } from '#schemas/feed'
import type { CalendarId } from '#quant/calendar/exchangeCalendars'
import { marketState } from '#quant/calendar/marketState'
import { previousSession, sessionDateAt, sessionOn, type Session } from '#quant/calendar/sessions'

export const ARCHIVE_EVERY_MS = 60_000
/** The first snapshot of a symbol waits until its chain has arrived. */
export const FIRST_ARCHIVE_AFTER_MS = 10_000
/** A recording is archived once it has stopped arriving. */
export const RECORDING_QUIET_MS = 5_000
/** The last ticks of a session arrive after its close. */
export const CLOSE_GRACE_MS = 30_000

export interface ArchiveProgress {
  /** The newest snapshot. */
  readonly id: string | null
  /** Session closes up to this market time are done, or lie before the data began. */
  readonly closesDoneMs: number
}

export interface ArchiveClock {
  readonly feed: FeedKind
  readonly calendar: CalendarId
  readonly asOfMs: number
  /** Hash of the book, hex. */
  readonly stateHash: string
}

export function beginProgress({ asOfMs }: Pick<ArchiveClock, 'asOfMs'>): ArchiveProgress {
  return { id: null, closesDoneMs: asOfMs }
}

export interface DueSnapshot {
  readonly id: string
  readonly kind: 'minute' | 'close'
  /** To be remembered once the snapshot is queued. */
  readonly progress: ArchiveProgress
}

export function dueSnapshot(
  progress: ArchiveProgress,
  clock: ArchiveClock,
  nowMs: number,
): DueSnapshot | null {
  const marketNowMs = marketClock(clock, nowMs)
  const closed = lastClosedSession(clock.calendar, marketNowMs)
  const isClose = closed !== null && closed.closeMs > progress.closesDoneMs && clock.asOfMs >= closed.openMs
  const id = snapshotId(clock)
  if (!isClose && id === progress.id) return null
  const closesDoneMs = isClose ? closed.closeMs : progress.closesDoneMs
  return { id, kind: isClose ? 'close' : 'minute', progress: { id, closesDoneMs } }
}

/** When to look for the close of the session in progress on our clock; null when its market keeps its own clock. */
export function closeCheckMs(clock: Pick<ArchiveClock, 'feed' | 'calendar'>, nowMs: number): number | null {
  if (clock.feed !== 'live' && clock.feed !== 'delayed') return null
  const { state, session } = marketState(clock.calendar, nowMs)
  return state === 'open' && session !== null ? session.closeMs + CLOSE_GRACE_MS : null
}

/** `20261120T143000Z`, of a recording `20250904T183000Z-1f0c93a2`. */
export function snapshotId({ feed, asOfMs, stateHash }: ArchiveClock): string {
  const time = `${new Date(asOfMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
  return feed === 'recorded' ? `${time}-${stateHash.slice(0, 8)}` : time
}

export function snapshotKey(symbol: string, asOfMs: number, id: string): string {
  return `gamma/v1/${symbol}/${new Date(asOfMs).toISOString().slice(0, 10)}/${id}.json.gz`
}

/** A feed that goes quiet at the close must still be closed; a replay closes when its own time gets there. */
function marketClock({ feed, asOfMs }: ArchiveClock, nowMs: number): number {
  return feed === 'live' || feed === 'delayed' ? Math.max(nowMs, asOfMs) : asOfMs
}

function lastClosedSession(calendar: CalendarId, marketMs: number): Session | null {
  const date = sessionDateAt(calendar, marketMs)
  if (date === null) return null
  const session = sessionOn(calendar, date)
  if (session.status === 'open' && session.closeMs <= marketMs) return session
  return previousSession(calendar, date)
}
