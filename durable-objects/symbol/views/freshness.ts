/** Whether a symbol's newest data is moving, as seen from our clock. */
import type { FeedKind, Freshness } from '#schemas/feed'
import type { CalendarId } from '#quant/calendar/exchangeCalendars'
import { marketState } from '#quant/calendar/marketState'

/** A symbol without ticks for this long while its market is open is stale (reliability: F23). */
export const STALE_AFTER_MS = 15_000
/** Delayed feeds are 15 minutes behind by licence, plus what their files take to appear. */
export const DELAYED_STALE_AFTER_MS = 20 * 60_000

export interface FeedClock {
  readonly feed: FeedKind
  /** Market time of the newest tick. */
  readonly asOfMs: number
  /** Our clock when the newest batch came. */
  readonly lastSeenMs: number
  readonly calendar: CalendarId
}

/**
 * A recording is always closed. A synthetic market runs on a clock of its own, so it is judged by when it was last
 * heard. A real feed is judged by the age of its newest tick, and is closed when its exchange is.
 */
export function freshnessAt({ feed, asOfMs, lastSeenMs, calendar }: FeedClock, nowMs: number): Freshness {
  if (feed === 'recorded') return 'closed'
  if (feed === 'synthetic') return nowMs - lastSeenMs < STALE_AFTER_MS ? 'fresh' : 'stale'
  const allowedMs = feed === 'delayed' ? DELAYED_STALE_AFTER_MS : STALE_AFTER_MS
  // A delayed feed is still showing the session while the exchange has just closed.
  const marketNowMs = feed === 'delayed' ? nowMs - 15 * 60_000 : nowMs
  if (marketState(calendar, marketNowMs).state !== 'open') return 'closed'
  return nowMs - asOfMs < allowedMs ? 'fresh' : 'stale'
}
