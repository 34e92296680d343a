/**
 * The epoch of a life of the stream: larger than any before, because relays and viewers ignore what is older than what
 * they hold. It counts seconds, so that this holds as well for a symbol whose storage was lost. Between two losses an
 * object may start more often than once a second, as long as it does not on average.
 */
const ORIGIN_MS = Date.UTC(2026, 0, 1)

/** `stored`: of the life before, null when none is known. */
export function streamEpochAfter(stored: number | null, nowMs: number): number {
  return Math.max((stored ?? 0) + 1, Math.floor((nowMs - ORIGIN_MS) / 1_000))
}
