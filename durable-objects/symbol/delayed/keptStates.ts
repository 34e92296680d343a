/**
 * Which states of a market are kept for callers who may see raw data only when they are old enough, and which one such
 * a caller gets. Pure. What a caller gets holds nothing that is newer than their delay, by any clock we know.
 */
import type { FeedKind } from '#schemas/feed'
import { SIGNATURE_WINDOW_MS } from '#schemas/ingest/signature'
import { rawDelayMs, TIERS } from '#schemas/tiers'
import type { ChainBook } from '../book/chainBook.ts'

/** A delayed feed is fresh for 20 min (`views/freshness.ts`): with a delay of 15 there is always one younger than that. */
export const KEEP_EVERY_MS = 4 * 60_000
/** After a pause or a beginning, the chain is to arrive first. */
export const SETTLING_MS = 15_000

export interface KeptState {
  /** Where it is stored. */
  readonly slot: number
  readonly pieces: number
  /** Our clock; names the state in cursors. */
  readonly takenMs: number
  /** Nothing in it is of later than this. */
  readonly newestMs: number
  /** Of the frame that was made of it. */
  readonly epoch: number
  readonly sequence: number
}

/** What stands between the two reads of a chain. */
export type Selection =
  | { readonly kind: 'newest' }
  | { readonly kind: 'kept'; readonly state: KeptState }
  /** There will be one from then on. */
  | { readonly kind: 'none'; readonly fromMs: number }

/** Of the tier that waits longest; 0 for a feed nobody waits for. */
export function longestDelayMs(feed: FeedKind): number {
  return Math.max(...TIERS.map((tier) => rawDelayMs(tier, feed)))
}

/**
 * The latest instant anything in the book can be of: it came until `nowMs`, was sealed until `lastSeenMs` by a bridge whose
 * clock is near ours (its signature holds for no more), and event times may be ahead of both. −∞ for an empty book.
 */
export function newestInstantMs({ asOfMs, lastSeenMs }: ChainBook, nowMs: number): number {
  if (lastSeenMs === 0) return -Infinity
  return Math.max(asOfMs ?? 0, Math.min(nowMs, lastSeenMs + SIGNATURE_WINDOW_MS))
}

/** When the state after a batch is to be kept. */
export function keepAtMs(kept: readonly KeptState[], nowMs: number): number {
  const next = (kept.at(-1)?.takenMs ?? 0) + KEEP_EVERY_MS
  // A clock that was set back must not hold it off.
  return Math.min(Math.max(nowMs + SETTLING_MS, next), nowMs + KEEP_EVERY_MS)
}

/**
 * What stays: all that are still too young for somebody, the newest that is not, and the one before it, so that whoever
 * began to page in it can go on.
 */
export function stillNeeded(kept: readonly KeptState[], delayMs: number, nowMs: number): KeptState[] {
  const newestOld = kept.findLastIndex(({ newestMs }) => newestMs + delayMs <= nowMs)
  return kept.slice(Math.max(0, newestOld - 1))
}

export function freeSlot(kept: readonly KeptState[]): number {
  const taken = new Set(kept.map(({ slot }) => slot))
  let slot = 0
  while (taken.has(slot)) slot += 1
  return slot
}

/** `takenMs` asks for that state again, as a cursor does; it is a client's word and opens nothing by itself. */
export function select(
  kept: readonly KeptState[],
  book: ChainBook,
  asked: { readonly delayMs: number; readonly takenMs?: number | undefined },
  nowMs: number,
): Selection {
  const isOldEnough = (newestMs: number) => newestMs + asked.delayMs <= nowMs
  const old = kept.filter(({ newestMs }) => isOldEnough(newestMs))
  const again = old.find(({ takenMs }) => takenMs === asked.takenMs)
  if (again !== undefined) return { kind: 'kept', state: again }
  if (book.asOfMs !== null && isOldEnough(newestInstantMs(book, nowMs))) return { kind: 'newest' }
  const state = old.at(-1)
  if (state !== undefined) return { kind: 'kept', state }
  const first = kept.map(({ newestMs }) => newestMs)
  const firstMs = first.length > 0 ? Math.min(...first) : Math.max(keepAtMs(kept, nowMs), book.asOfMs ?? 0)
  return { kind: 'none', fromMs: firstMs + asked.delayMs }
}
