import type { FeedKind } from '#schemas/feed'
import type { Tick } from '#schemas/tick'

/**
 * The seam between a vendor and the bridge: one feed speaks for one underlying in vendor-neutral ticks.
 *
 * Every run of `steps` begins with a snapshot (definitions, open interest, quotes, session volume, underlying), because
 * contract ids are scoped to the bridge epoch and every run begins one.
 */
export interface Feed {
  readonly symbol: string
  /** Names the stream on the wire, 1-32 of [a-z0-9-]. */
  readonly source: string
  readonly feedKind: FeedKind
  /** Cursors mean something only within one identity: other seed, other file, other stream. */
  readonly identity: string
  /** True when the feed can be made to wait, so a slow receiver costs time instead of superseded quotes. */
  readonly pausable: boolean
  /** True when it has no end of its own: one that ends or throws has failed, and is dialled again. */
  readonly isEndless: boolean
  /**
   * Ticks from the snapshot on. `after` is the cursor of the last step whose ticks are safely in the journal: a
   * rewindable feed goes on after it, so that no print is sent twice; others ignore it. Ends when the feed has no
   * more data or `signal` aborts.
   */
  steps(after: number | null, signal: AbortSignal): AsyncIterable<FeedStep>
}

export interface FeedStep {
  readonly ticks: readonly Tick[]
  /** Where a rewindable feed stands once this step is through; null when the feed cannot be rewound. */
  readonly cursor: number | null
}
