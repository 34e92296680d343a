/** Whether a symbol's newest data is moving, as seen from our clock. */
import type { FeedKind, Freshness } from '#schemas/feed'
import type { CalendarId } from '#quant/calendar/exchangeCalendars'
import { marketState } from '#quant/calendar/marketState'

/** A symbol without ticks for this long while its market is open is stale (reliability: F23). */
export const STALE_AFTER_MS = 15_000
/** Delayed feeds are this far behind by licence, and their files take some minutes more to appear. */
const DELAY_MS = 15 * 60_000
const DELAYED_STALE_AFTER_MS = 20 * 60_000

export interface FeedClock {
  readonly feed: FeedKind
  /** Market time of the newest tick. */
  readonly asOfMs: number
  /** Our clock when the newest batch came. */
  readonly lastSeenMs: number
  readonly calendar: CalendarId
}

/**
 * When data that is fresh now stops being so, if nothing newer comes. A synthetic market runs on a clock of its own, so
 * it is judged by when it was last heard; a real feed by the age of its newest tick.
 */
export function staleAtMs({ feed, asOfMs, lastSeenMs }: Omit<FeedClock, 'calendar'>): number {
  if (feed === 'synthetic') return lastSeenMs + STALE_AFTER_MS
  return asOfMs + (feed === 'delayed' ? DELAYED_STALE_AFTER_MS : STALE_AFTER_MS)
}

/** A recording is always closed, a real feed when its exchange is; a synthetic market never. */
export function freshnessAt(clock: FeedClock, nowMs: number): Freshness {
  const { feed, calendar } = clock
  if (feed === 'recorded') return 'closed'
  // A delayed feed is still showing the session while the exchange has just closed.
  const marketNowMs = feed === 'delayed' ? nowMs - DELAY_MS : nowMs
  if (feed !== 'synthetic' && marketState(calendar, marketNowMs).state !== 'open') return 'closed'
  return nowMs < staleAtMs(clock) ? 'fresh' : 'stale'
}
