import { median } from '../math/median.ts'

/** How unusual a figure is for the time of day: volatility and skew have a daily shape of their own. */

const BUCKET_MS = 1_800_000
/** Of a session: earlier ones are from another market. */
const SCORED_SESSIONS = 60
/** With fewer the median deviation is itself mostly chance. */
const LEAST_SESSIONS = 12
/** Makes the median absolute deviation of a normal distribution its standard deviation. */
const NORMAL_MAD = 0.6745

/** The last reading of each half hour from a session's open, null where there was none. */
export interface SessionReadings {
  readonly openMs: number
  readonly byBucket: readonly (number | null)[]
}

/** Oldest first, one per session. JSON-ready. */
export type TimeOfDayHistory = readonly SessionReadings[]

export interface Session {
  readonly openMs: number
  readonly closeMs: number
}

export interface TimeOfDayScore {
  /** Robust standard deviations above the median of the same half hour in earlier sessions. */
  readonly z: number | null
  readonly median: number | null
  /** Median absolute deviation, in the figure's unit. */
  readonly mad: number | null
  /** Earlier sessions with a reading in this half hour. */
  readonly sessions: number
  readonly reason: 'outside_session' | 'no_reading' | 'insufficient_history' | 'flat_history' | null
}

/** Half hours since the open: with daylight saving and half days the clock's hour is another part of the session. */
export function bucketAt({ openMs, closeMs }: Session, asOfMs: number): number | null {
  if (!(asOfMs >= openMs && asOfMs <= closeMs)) return null
  const last = Math.max(0, Math.ceil((closeMs - openMs) / BUCKET_MS) - 1)
  return Math.min(last, Math.floor((asOfMs - openMs) / BUCKET_MS))
}

/**
 * Takes a reading into its half hour. A session earlier than the newest is a replay's: what came after it goes. The same
 * history when there is no reading, or no session at that instant.
 */
export function withReading(
  history: TimeOfDayHistory,
  session: Session,
  asOfMs: number,
  reading: number | null,
): TimeOfDayHistory {
  const bucket = bucketAt(session, asOfMs)
  if (bucket === null || reading === null || !Number.isFinite(reading)) return history
  const { openMs } = session
  const held = history.find((readings) => readings.openMs === openMs)?.byBucket ?? []
  const length = Math.max(held.length, bucket + 1)
  const byBucket = Array.from({ length }, (_, i) => (i === bucket ? reading : (held[i] ?? null)))
  const earlier = history.filter((readings) => readings.openMs < openMs)
  return [...earlier.slice(-SCORED_SESSIONS), { openMs, byBucket }]
}

/**
 * 0.6745·(reading − median)/MAD over the same half hour of up to 60 earlier sessions: B. Iglewicz and D. Hoaglin, "How to
 * Detect and Handle Outliers" (1993). One wild session moves neither the median nor the MAD.
 */
export function timeOfDayScore(
  history: TimeOfDayHistory,
  session: Session,
  asOfMs: number,
  reading: number | null,
): TimeOfDayScore {
  const none = { z: null, median: null, mad: null, sessions: 0 }
  const bucket = bucketAt(session, asOfMs)
  if (bucket === null) return { ...none, reason: 'outside_session' }
  const earlier = history
    .filter(({ openMs }) => openMs < session.openMs)
    .slice(-SCORED_SESSIONS)
    .map(({ byBucket }) => byBucket[bucket] ?? Number.NaN)
    .filter(Number.isFinite)
  const sessions = earlier.length
  if (reading === null || !Number.isFinite(reading)) return { ...none, sessions, reason: 'no_reading' }
  if (sessions < LEAST_SESSIONS) return { ...none, sessions, reason: 'insufficient_history' }
  const usual = median(earlier)
  const mad = median(earlier.map((value) => Math.abs(value - usual)))
  return mad > 0
    ? { z: (NORMAL_MAD * (reading - usual)) / mad, median: usual, mad, sessions, reason: null }
    : { z: null, median: usual, mad, sessions, reason: 'flat_history' }
}
