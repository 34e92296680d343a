import type { Clock } from '../clock/clock.ts'
import type { Conflator } from '../conflate/Conflator.ts'
import type { Deliverer } from '../delivery/Deliverer.ts'
import type { Stop } from '../delivery/delivery.ts'
import type { Feed } from '../feeds/feed.ts'
import type { Journal } from '../journal/Journal.ts'
import type { Tenure } from '../lease/Lease.ts'
import { Sealer } from './Sealer.ts'
import type { SealWindow } from './sealWindow.ts'
import { withGrace } from './withGrace.ts'

export interface EpochOptions {
  readonly feed: Feed
  readonly journal: Journal
  readonly clock: Clock
  readonly window: SealWindow
  /** With more batches than this unacknowledged, quotes stay behind and conflate, or a pausable feed waits. */
  readonly highWaterBatches: number
  /** How long a shutdown waits for the last acknowledgements; the journal keeps what is left. */
  readonly shutdownMs: number
}

export type EpochOutcome =
  | { readonly kind: 'drained' }
  | { readonly kind: 'interrupted'; readonly batchesLeft: number }
  /** The journal failed, or a feed that is to end by itself did otherwise. */
  | { readonly kind: 'failed'; readonly detail: string }
  /** An endless feed has ended or thrown. What it had said is delivered. */
  | { readonly kind: 'feedFailed'; readonly detail: string }
  | { readonly kind: 'stopped'; readonly stop: Stop }
  /** The lease is another bridge's; what was journaled still waits there. */
  | { readonly kind: 'takenOver'; readonly detail: string }

/**
 * How long a feed may take to end once it is told to. A feed that never does, waiting for a line that nobody reads any
 * more, must not keep the lease, nor this bridge from being a standby.
 */
const FEED_ENDS_WITHIN_MS = 1_000

/** One epoch of one symbol: one run of the feed, sealed, journaled and delivered. */
export class EpochStream {
  readonly #options: EpochOptions
  readonly #deliverer: Deliverer
  readonly #sealer: Sealer
  readonly #cursor: number | null
  /** Ends the feed wherever it is waiting: a delivery that stopped, a journal that failed. */
  readonly #ended = new AbortController()
  #failure: string | null = null
  #feedFailure: string | null = null
  #feedEnded = false

  /** The journal has begun the epoch already; `cursor` is where the feed stood before. */
  constructor(options: EpochOptions, deliverer: Deliverer, conflator: Conflator, cursor: number | null) {
    this.#options = options
    this.#deliverer = deliverer
    this.#cursor = cursor
    const { feed, highWaterBatches } = options
    this.#sealer = new Sealer(
      {
        ...options,
        behind: () => !feed.pausable && deliverer.unacknowledged > highWaterBatches,
        untilRoom: async (signal) => {
          if (!feed.pausable) await deliverer.untilRoom(signal)
        },
        onCommitted: deliverer.commit.bind(deliverer),
        onFailure: (error) => this.#fail(error),
      },
      conflator,
      cursor,
    )
  }

  get ticksJournaled(): number {
    return this.#sealer.ticksJournaled
  }

  async run(tenure: Tenure, signal: AbortSignal, onDraining: () => void): Promise<EpochOutcome> {
    const feedSignal = AbortSignal.any([signal, tenure.lost, this.#ended.signal])
    void this.#deliverer.untilStopped(feedSignal).then(() => this.#ended.abort())
    await withGrace(() => this.#pump(feedSignal), this.#options.clock, FEED_ENDS_WITHIN_MS, feedSignal)
    await this.#sealer.finish()
    onDraining()
    await drain(this.#deliverer, this.#options, AbortSignal.any([signal, tenure.lost]))
    this.#deliverer.close()
    this.#ended.abort()
    return this.#outcome(tenure, signal)
  }

  async #pump(signal: AbortSignal): Promise<void> {
    const { feed, highWaterBatches } = this.#options
    try {
      for await (const step of feed.steps(this.#cursor, signal)) {
        if (signal.aborted) return
        this.#sealer.add(step)
        if (feed.pausable) await this.#deliverer.until(highWaterBatches, signal)
      }
      if (signal.aborted) return
      if (feed.isEndless) this.#feedFailure = 'the feed has ended by itself'
      else this.#feedEnded = true
    } catch (error) {
      // A feed that was told to end may do so by throwing.
      if (signal.aborted) return
      if (feed.isEndless) this.#feedFailure = messageOf(error)
      else this.#fail(error)
    }
  }

  #outcome(tenure: Tenure, signal: AbortSignal): EpochOutcome {
    const { stop, unacknowledged } = this.#deliverer
    if (this.#failure !== null) return { kind: 'failed', detail: this.#failure }
    if (this.#feedEnded && unacknowledged === 0) return { kind: 'drained' }
    if (stop) return { kind: 'stopped', stop }
    if (signal.aborted) return { kind: 'interrupted', batchesLeft: unacknowledged }
    if (this.#feedFailure !== null && !tenure.lost.aborted) {
      return { kind: 'feedFailed', detail: this.#feedFailure }
    }
    return { kind: 'takenOver', detail: `the lease of epoch ${tenure.epoch} is another bridge's` }
  }

  #fail(error: unknown): void {
    this.#failure ??= messageOf(error)
    this.#ended.abort()
  }
}

/** Waits for the last acknowledgement; once `signal` aborts only for `shutdownMs` more. */
export async function drain(
  deliverer: Deliverer,
  { clock, shutdownMs }: Pick<EpochOptions, 'clock' | 'shutdownMs'>,
  signal: AbortSignal,
): Promise<void> {
  await withGrace((over) => deliverer.until(0, over), clock, shutdownMs, signal)
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
