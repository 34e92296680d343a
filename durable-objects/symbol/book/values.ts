/** What a value must be to be taken as true. The bounds are far beyond any market; they stop overflow, not trading. */
import type { BatchHeader } from '#schemas/ingest/batch'

/** One bound for the book and for the engine that values it. */
export { isPrice } from '#quant/chain/admission'

const MAX_COUNT = 1e12
const EARLIEST_MS = Date.UTC(1980, 0, 1)
const LATEST_MS = Date.UTC(2100, 0, 1)
/** A vendor's clock may be ahead of the bridge's by this much; more is a damaged time (reliability: skew over 60 s). */
const MAX_SKEW_MS = 60_000

export function isCount(value: number): boolean {
  return value >= 0 && value <= MAX_COUNT
}

export function isEventTime(ms: number, latestMs: number): boolean {
  return ms >= EARLIEST_MS && ms <= latestMs
}

/** A real market cannot report the future; a synthetic or recorded one runs on a clock of its own. */
export function latestEventMs({ feed, createdMs }: Pick<BatchHeader, 'feed' | 'createdMs'>): number {
  return feed === 'live' || feed === 'delayed' ? createdMs + MAX_SKEW_MS : LATEST_MS
}
