/**
 * The newest answer per symbol, near the reader: spares a hot object most REST reads and answers for it, marked
 * stale, while it is out of reach. Never in the path of a tick.
 */
export const HOT_KINDS = ['frame', 'levels', 'exposure', 'volatility', 'metrics'] as const
export type HotKind = (typeof HOT_KINDS)[number]

export interface HotEntry {
  /** UTC ms. */
  readonly storedAtMs: number
  /** JSON text: a reader can never change what the next one gets. */
  readonly json: string
}

/** Entries are kept for `HOT_KEEP_MS`. Neither call rejects. `name`: a symbol, or one of several answers about it. */
export interface HotCache {
  /** Null when nothing is kept, or it is out of reach. */
  get(kind: HotKind, name: string): Promise<HotEntry | null>
  put(kind: HotKind, name: string, entry: HotEntry): Promise<void>
}

/** Younger than this, an entry is the answer. */
export const HOT_FRESH_MS = 1_000
/** Until then it may stand in for an object that is out of reach. */
export const HOT_KEEP_MS = 60_000
/** Characters of JSON; a larger answer is not kept. */
export const HOT_MAX_LENGTH = 1024 * 1024
