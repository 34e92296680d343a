import type { Clock } from '../clock/clock.ts'
import { Conflator } from '../conflate/Conflator.ts'
import type { Feed, FeedStep } from '../feeds/feed.ts'
import type { Journal } from '../journal/Journal.ts'
import { sealBatches } from './sealBatches.ts'
import { sealAtMs, type SealWindow } from './sealWindow.ts'

export interface SealerOptions {
  readonly feed: Feed
  readonly journal: Journal
  readonly clock: Clock
  readonly window: SealWindow
  /** True while the receiver is so far behind that quotes had better stay and conflate. */
  readonly behind: () => boolean
  /** Resolves once a batch sealed now would be sent at once, or `signal` aborts. */
  readonly untilRoom: (signal: AbortSignal) => Promise<void>
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
  #running: Promise<void> | null = null
  /** Ends the wait of a window that may have to end sooner. */
  #waiting = new AbortController()
  /** Ends the wait for room. */
  #full = new AbortController()
  #sealedMs = -Infinity
  #receivedBefore: number
  #ticksPerMs = Infinity
  #ticksJournaled = 0

  constructor(options: SealerOptions, conflator: Conflator, cursor: number | null) {
    this.#options = options
    this.conflator = conflator
    this.#receivedBefore = conflator.received
    this.#cursor = cursor
  }

  get ticksJournaled(): number {
    return this.#ticksJournaled
  }

  add(step: FeedStep): void {
    const heldEvents = this.conflator.holdsEvents
    this.conflator.add(step.ticks)
    this.#cursor = step.cursor
    if (this.conflator.holdsEvents && !heldEvents) this.#waiting.abort()
    this.#running ??= this.#runWindows()
  }

  /** Seals whatever is held, quotes included. Nothing may be added afterwards. */
  async finish(): Promise<void> {
    this.#stopping.abort()
    this.#waiting.abort()
    this.#full.abort()
    await this.#running
    await this.#seal(true).catch(this.#options.onFailure)
  }

  /** Runs while there is something to seal; the next step starts it again. */
  async #runWindows(): Promise<void> {
    const { behind, onFailure } = this.#options
    try {
      do {
        await this.#untilDue()
        await this.#untilRoom()
        await this.#seal(!behind())
      } while (this.conflator.held > 0 && !this.#stopping.signal.aborted)
    } catch (error) {
      onFailure(error)
    }
    this.#running = null
  }

  async #untilDue(): Promise<void> {
    const { clock, window } = this.#options
    const openedMs = clock.now()
    for (;;) {
      const { holdsEvents } = this.conflator
      const dueMs = sealAtMs(window, openedMs, this.#sealedMs, this.#ticksPerMs, holdsEvents)
      const waitMs = dueMs - clock.now()
      if (waitMs <= 0 || this.#stopping.signal.aborted) return
      this.#waiting = new AbortController()
      await clock.sleep(waitMs, this.#waiting.signal)
    }
  }

  /** What a slow network cannot take at once goes into fewer, larger batches: so it keeps up, and quotes stay fresh. */
  async #untilRoom(): Promise<void> {
    const { clock, window, untilRoom } = this.#options
    if (this.#stopping.signal.aborted) return
    const over = new AbortController()
    this.#full = over
    const longestMs = this.#sealedMs + window.maxFullMs - clock.now()
    void clock.sleep(Math.max(0, longestMs), over.signal).then(() => over.abort())
    await untilRoom(over.signal)
    over.abort()
  }

  /** Journal first; only what is safely there may be sent. */
  async #seal(withStates: boolean): Promise<void> {
    const { feed, journal, clock, onCommitted } = this.#options
    const ticks = this.conflator.take(withStates)
    if (ticks.length === 0) return
    const nowMs = clock.now()
    this.#measureRate(nowMs)
    const header = {
      source: feed.source,
      feed: feed.feedKind,
      symbol: feed.symbol,
      epoch: journal.epoch,
      sequence: journal.nextSequence,
      createdMs: nowMs,
    }
    journal.append(sealBatches(header, ticks), this.#cursor)
    this.#ticksJournaled += ticks.length
    const committed = journal.nextSequence - 1
    await journal.sync()
    onCommitted(committed)
  }

  /** Half old, half new: one burst does not change the pace for long. */
  #measureRate(nowMs: number): void {
    const { received } = this.conflator
    if (Number.isFinite(this.#sealedMs)) {
      const rate = (received - this.#receivedBefore) / Math.max(1, nowMs - this.#sealedMs)
      this.#ticksPerMs = Number.isFinite(this.#ticksPerMs) ? (this.#ticksPerMs + rate) / 2 : rate
    }
    this.#receivedBefore = received
    this.#sealedMs = nowMs
  }
}
