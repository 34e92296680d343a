import type { FeedKind } from '#schemas/feed'
import type { FeedFailure } from './redial.ts'

/** What a person or a health check wants to know about one symbol. Counts are since the start of the process. */
export interface SymbolStatus {
  readonly symbol: string
  readonly source: string
  readonly feed: FeedKind
  readonly phase:
    | 'starting'
    | 'delivering leftovers'
    | 'standby'
    | 'streaming'
    | 'draining'
    | 'redialling'
    | 'idle'
    | 'stopped'
  readonly ticksReceived: number
  /** Ticks in acknowledged or pending batches. */
  readonly ticksJournaled: number
  /** States a newer one replaced before they were sent. */
  readonly ticksSuperseded: number
  readonly ticksHeld: number
  readonly batchesUnacknowledged: number
  readonly batchesAccepted: number
  readonly duplicates: number
  /** Ticks the receiver flagged one by one (crossed, negative …). */
  readonly ticksFlagged: number
  readonly retries: number
  readonly lastFailure: string | null
  /** Of the feed itself, since it last ran for long. */
  readonly feedFailure: FeedFailure | null
  readonly position: { readonly epoch: number; readonly sequence: number }
}
