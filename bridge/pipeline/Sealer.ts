import type { Clock } from '../clock/clock.ts'
import { Conflator } from '../conflate/Conflator.ts'
import type { Feed, FeedStep } from '../feeds/feed.ts'
import type { Journal } from '../journal/Journal.ts'
import { sealBatches } from './sealBatches.ts'

export interface SealerOptions {
  readonly feed: Feed
  readonly journal: Journal
  readonly clock: Clock
  /** Quotes conflate for this long before they are sealed into a batch. */
  readonly windowMs: number
  /** True while the receiver is so far behind that quotes had better stay and conflate. */
  readonly behind: () => boolean
  /** Everything up to `sequence` is safely in the journal. */
  readonly onCommitted: (sequence: number) => void
  readonly onFailure: (error: unknown) => void
}

/** From steps to journaled batches: conflates for one window, then seals, journals and announces. */
export class Sealer {
  readonly conflator: Conflator
  readonly #options: SealerOptions
  readonly #stopping = new AbortController()
  #cursor: number | null
  #window: Promise<void> | null = null
  #ticksJournaled = 0

  constructor(options: SealerOptions, conflator: Conflator, cursor: number | null) {
    this.#options = options
    this.conflator = conflator
    this.#cursor = cursor
  }

  get ticksJournaled(): number {
    return this.#ticksJournaled
  }

  add(step: FeedStep): void {
    this.conflator.add(step.ticks)
    this.#cursor = step.cursor
    this.#window ??= this.#runWindows()
  }

  /** Seals whatever is held, quotes included. Nothing may be added afterwards. */
  async finish(): Promise<void> {
    this.#stopping.abort()
    await this.#window
    await this.#seal(true).catch(this.#options.onFailure)
  }

  /** Runs while there is something to seal; the next step starts it again. */
  async #runWindows(): Promise<void> {
    const { clock, windowMs, behind, onFailure } = this.#options
    try {
      do {
        await clock.sleep(windowMs, this.#stopping.signal)
        await this.#seal(!behind())
      } while (this.conflator.held > 0 && !this.#stopping.signal.aborted)
    } catch (error) {
      onFailure(error)
    }
    this.#window = null
  }

  /** Journal first; only what is safely there may be sent. */
  async #seal(withStates: boolean): Promise<void> {
    const { feed, journal, clock, onCommitted } = this.#options
    const ticks = this.conflator.take(withStates)
    if (ticks.length === 0) return
    const header = {
      source: feed.source,
      feed: feed.feedKind,
      symbol: feed.symbol,
      epoch: journal.epoch,
      sequence: journal.nextSequence,
      createdMs: clock.now(),
    }
    journal.append(sealBatches(header, ticks), this.#cursor)
    this.#ticksJournaled += ticks.length
    const committed = journal.nextSequence - 1
    await journal.sync()
    onCommitted(committed)
  }
}
