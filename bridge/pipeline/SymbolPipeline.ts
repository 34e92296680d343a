import type { Clock } from '../clock/clock.ts'
import { Conflator } from '../conflate/Conflator.ts'
import type { DeliverySettings, Stop } from '../delivery/delivery.ts'
import { Deliverer } from '../delivery/Deliverer.ts'
import type { Post } from '../delivery/poster.ts'
import type { Feed } from '../feeds/feed.ts'
import type { Journal } from '../journal/Journal.ts'
import { PipelineMonitor, type PipelineLog } from './PipelineMonitor.ts'
import { Sealer } from './Sealer.ts'
import type { SymbolStatus } from './symbolStatus.ts'

export interface PipelineOptions {
  readonly feed: Feed
  readonly journal: Journal
  readonly post: Post
  readonly clock: Clock
  /** In [0, 1): the jitter of the back-off. */
  readonly random: () => number
  readonly delivery: DeliverySettings
  readonly windowMs: number
  /** With more batches than this unacknowledged, quotes stay behind and conflate, or a pausable feed waits. */
  readonly highWaterBatches: number
  /** How long a shutdown waits for the last acknowledgements; the journal keeps what is left. */
  readonly shutdownMs: number
  readonly log: (event: PipelineLog) => void
}

export type PipelineOutcome =
  /** The feed has ended and everything is acknowledged. */
  | { readonly kind: 'drained' }
  /** Shut down; `batchesLeft` wait in the journal for the next start. */
  | { readonly kind: 'interrupted'; readonly batchesLeft: number }
  /** The receiver refused for good. */
  | { readonly kind: 'stopped'; readonly stop: Stop }
  /** The feed or the journal failed. */
  | { readonly kind: 'failed'; readonly detail: string }

/** A receiver that keeps asking for the impossible is broken, not reset: do not resend the world for ever. */
const MAX_RESTARTS_IN_A_ROW = 3

/** The way of the ticks of one symbol: feed, conflation, journal, delivery. */
export class SymbolPipeline {
  readonly #options: PipelineOptions
  readonly #monitor: PipelineMonitor
  readonly #conflator = new Conflator()
  #phase: SymbolStatus['phase'] = 'starting'
  #ticksJournaledBefore = 0
  #sealer: Sealer | null = null

  constructor(options: PipelineOptions) {
    this.#options = options
    this.#monitor = new PipelineMonitor(options.log)
  }

  get status(): SymbolStatus {
    const { feed, journal } = this.#options
    return {
      symbol: feed.symbol,
      source: feed.source,
      feed: feed.feedKind,
      phase: this.#phase,
      ticksReceived: this.#conflator.received,
      ticksJournaled: this.#ticksJournaledBefore + (this.#sealer?.ticksJournaled ?? 0),
      ticksSuperseded: this.#conflator.superseded,
      ticksHeld: this.#conflator.held,
      batchesUnacknowledged: journal.unacknowledged,
      ...this.#monitor.counts,
      position: { epoch: journal.epoch, sequence: journal.acknowledged(journal.epoch) },
    }
  }

  /** Runs until the feed ends, `signal` aborts, or there is no way on. Never rejects. */
  async run(signal: AbortSignal): Promise<PipelineOutcome> {
    let outcome: PipelineOutcome
    try {
      outcome = await this.#runEpochs(signal)
    } catch (error) {
      outcome = { kind: 'failed', detail: messageOf(error) }
    }
    this.#phase = outcome.kind === 'drained' ? 'idle' : 'stopped'
    return outcome
  }

  async #runEpochs(signal: AbortSignal): Promise<PipelineOutcome> {
    for (let restarts = 0; ; restarts++) {
      const leftover = await this.#deliverLeftovers(signal)
      if (leftover) return leftover
      const acceptedBefore = this.#monitor.counts.batchesAccepted
      const outcome = await this.#streamEpoch(signal)
      if (outcome.kind !== 'stopped' || outcome.stop.kind !== 'lost') return outcome
      if (this.#monitor.counts.batchesAccepted > acceptedBefore) restarts = 0
      if (restarts >= MAX_RESTARTS_IN_A_ROW) return outcome
      this.#monitor.say('warn', 'new_epoch', `${outcome.stop.detail}; starting over with a fresh snapshot`)
      this.#setAside(this.#options.journal.epoch)
    }
  }

  /** Batches of an earlier life go first, under their old epoch: the receiver may hold some of them already. */
  async #deliverLeftovers(signal: AbortSignal): Promise<PipelineOutcome | null> {
    const { journal } = this.#options
    for (const { epoch, firstSequence, lastSequence } of journal.leftovers()) {
      this.#phase = 'delivering leftovers'
      this.#monitor.say(
        'info',
        'leftovers',
        `${epoch}/${firstSequence} to ${lastSequence} from an earlier run`,
      )
      const deliverer = this.#createDeliverer(epoch, firstSequence - 1, lastSequence)
      await this.#drain(deliverer, signal)
      deliverer.close()
      const { stop, unacknowledged } = deliverer
      if (stop?.kind === 'refused') return { kind: 'stopped', stop }
      if (stop) {
        this.#monitor.say('error', 'leftovers_undeliverable', `${stop.kind}: ${stop.detail}`)
        this.#setAside(epoch)
      } else if (unacknowledged > 0) {
        return { kind: 'interrupted', batchesLeft: unacknowledged }
      }
    }
    return null
  }

  async #streamEpoch(signal: AbortSignal): Promise<PipelineOutcome> {
    const { feed, journal, clock } = this.#options
    const cursor = journal.cursorOf(feed.identity)
    const epoch = journal.beginEpoch(feed.identity, clock.now())
    const deliverer = this.#createDeliverer(epoch, 0, 0)
    // Ends the feed wherever it is waiting: shutdown, a delivery that stopped, a journal that failed.
    const ended = new AbortController()
    const feedSignal = AbortSignal.any([signal, ended.signal])
    let failure: string | null = null
    const fail = (error: unknown) => {
      failure ??= messageOf(error)
      ended.abort()
    }
    const sealer = this.#createSealer(deliverer, cursor, fail)
    this.#phase = 'streaming'
    void deliverer.untilStopped(feedSignal).then(() => ended.abort())
    await this.#pump(sealer, deliverer, cursor, feedSignal).catch(fail)
    await sealer.finish()
    this.#phase = 'draining'
    await this.#drain(deliverer, signal)
    deliverer.close()
    ended.abort()
    const { stop, unacknowledged } = deliverer
    if (failure !== null) return { kind: 'failed', detail: failure }
    if (stop) return { kind: 'stopped', stop }
    return signal.aborted ? { kind: 'interrupted', batchesLeft: unacknowledged } : { kind: 'drained' }
  }

  async #pump(
    sealer: Sealer,
    deliverer: Deliverer,
    after: number | null,
    signal: AbortSignal,
  ): Promise<void> {
    const { feed, highWaterBatches } = this.#options
    for await (const step of feed.steps(after, signal)) {
      if (signal.aborted) return
      sealer.add(step)
      if (feed.pausable) await deliverer.until(highWaterBatches, signal)
    }
  }

  /** Waits for the last acknowledgement; once `signal` aborts only for `shutdownMs` more. */
  async #drain(deliverer: Deliverer, signal: AbortSignal): Promise<void> {
    const { clock, shutdownMs } = this.#options
    const over = new AbortController()
    const shutDown = () => void clock.sleep(shutdownMs, over.signal).then(() => over.abort())
    if (signal.aborted) shutDown()
    else signal.addEventListener('abort', shutDown, { once: true, signal: over.signal })
    await deliverer.until(0, over.signal)
    over.abort()
  }

  #createSealer(deliverer: Deliverer, cursor: number | null, onFailure: (error: unknown) => void): Sealer {
    const { feed, journal, clock, windowMs, highWaterBatches } = this.#options
    this.#ticksJournaledBefore = this.status.ticksJournaled
    const options = {
      feed,
      journal,
      clock,
      windowMs,
      behind: () => !feed.pausable && deliverer.unacknowledged > highWaterBatches,
      onCommitted: deliverer.commit.bind(deliverer),
      onFailure,
    }
    this.#sealer = new Sealer(options, this.#conflator, cursor)
    return this.#sealer
  }

  #createDeliverer(epoch: number, acknowledged: number, committed: number): Deliverer {
    const { journal, post, clock, random, delivery } = this.#options
    const options = {
      store: journal,
      post,
      clock,
      random,
      settings: delivery,
      onAttempt: this.#monitor.attempted.bind(this.#monitor),
      onRest: this.#monitor.resting.bind(this.#monitor),
    }
    return new Deliverer(options, epoch, acknowledged, committed)
  }

  #setAside(epoch: number): void {
    const files = this.#options.journal.setAside(epoch)
    if (files.length > 0) this.#monitor.say('error', 'set_aside', files.join(', '))
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
