import { Conflator } from '../conflate/Conflator.ts'
import { impatient, type DeliverySettings, type Stop } from '../delivery/delivery.ts'
import { Deliverer } from '../delivery/Deliverer.ts'
import type { Post } from '../delivery/poster.ts'
import type { Lease, Tenure } from '../lease/Lease.ts'
import { drain, EpochStream, messageOf, type EpochOptions, type EpochOutcome } from './EpochStream.ts'
import { PipelineMonitor, type PipelineLog } from './PipelineMonitor.ts'
import { FeedFailures, redial } from './redial.ts'
import type { SymbolStatus } from './symbolStatus.ts'

export interface PipelineOptions extends EpochOptions {
  readonly lease: Pick<Lease, 'acquire'>
  readonly post: Post
  /** In [0, 1): the jitter of the back-off. */
  readonly random: () => number
  readonly delivery: DeliverySettings
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

/**
 * The way of the ticks of one symbol: feed, conflation, journal, delivery. Epoch after epoch, each granted by the lease;
 * without it the pipeline is a standby, which delivers what it still holds and dials nothing.
 */
export class SymbolPipeline {
  readonly #options: PipelineOptions
  readonly #monitor: PipelineMonitor
  readonly #conflator = new Conflator()
  readonly #feedFailures = new FeedFailures()
  #phase: SymbolStatus['phase'] = 'starting'
  #ticksJournaledBefore = 0
  #stream: EpochStream | null = null

  constructor(options: PipelineOptions) {
    this.#options = options
    this.#monitor = new PipelineMonitor(options.log)
  }

  get status(): SymbolStatus {
    const { feed, journal, clock } = this.#options
    return {
      symbol: feed.symbol,
      source: feed.source,
      feed: feed.feedKind,
      phase: this.#phase,
      ticksReceived: this.#conflator.received,
      ticksJournaled: this.#ticksJournaledBefore + (this.#stream?.ticksJournaled ?? 0),
      ticksSuperseded: this.#conflator.superseded,
      ticksHeld: this.#conflator.held,
      batchesUnacknowledged: journal.unacknowledged,
      ...this.#monitor.counts,
      feedFailure: this.#feedFailures.current(clock.now()),
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
      const tenure = await this.#takeLease(signal)
      if ('kind' in tenure) return tenure
      const acceptedBefore = this.#monitor.counts.batchesAccepted
      const outcome = await this.#streamEpoch(tenure, signal)
      if (outcome.kind === 'feedFailed') await this.#redialLater(outcome.detail, tenure, signal)
      else await tenure.end(isTakenOver(outcome))
      if (this.#monitor.counts.batchesAccepted > acceptedBefore) restarts = 0
      const next = this.#goOn(outcome, restarts)
      if (next) return next
    }
  }

  /** Null when another epoch is to follow. */
  #goOn(outcome: EpochOutcome, restarts: number): PipelineOutcome | null {
    if (outcome.kind === 'feedFailed') return null
    if (outcome.kind === 'takenOver') {
      this.#monitor.say('warn', 'taken_over', outcome.detail)
      return null
    }
    if (outcome.kind !== 'stopped' || outcome.stop.kind === 'refused') return outcome
    if (restarts >= MAX_RESTARTS_IN_A_ROW) return outcome
    const { kind, detail } = outcome.stop
    if (kind === 'stale') this.#monitor.say('warn', 'taken_over', detail)
    else {
      this.#monitor.say('warn', 'new_epoch', `${detail}; starting over with a fresh snapshot`)
      this.#setAside(this.#options.journal.epoch)
    }
    return null
  }

  /** Rests until the vendor may be dialled again, under the lease if that is worth keeping. */
  async #redialLater(detail: string, tenure: Tenure, signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options
    const failure = this.#feedFailures.failed(detail, clock.now())
    const { delayMs, keepsLease } = redial(failure, random())
    this.#phase = 'redialling'
    const then = keepsLease ? '' : ', for whoever asks first until then'
    this.#monitor.say(
      keepsLease ? 'warn' : 'error',
      'feed_failed',
      `${detail}, ${failure.inARow} in a row; dials again in ${delayMs} ms${then}`,
    )
    if (!keepsLease) await tenure.end(false)
    await clock.sleep(delayMs, keepsLease ? AbortSignal.any([signal, tenure.lost]) : signal)
    if (keepsLease) await tenure.end(false)
  }

  /** Batches of an earlier epoch go first, under their old epoch: the receiver may hold some of them already. */
  async #deliverLeftovers(signal: AbortSignal): Promise<PipelineOutcome | null> {
    const { journal, delivery } = this.#options
    for (const { epoch, firstSequence, lastSequence } of journal.leftovers()) {
      this.#phase = 'delivering leftovers'
      this.#monitor.say(
        'info',
        'leftovers',
        `${epoch}/${firstSequence} to ${lastSequence} were not acknowledged yet`,
      )
      const deliverer = this.#createDeliverer(epoch, firstSequence - 1, lastSequence, impatient(delivery))
      await drain(deliverer, this.#options, signal)
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

  /** The right to dial, or why there will be none. */
  async #takeLease(signal: AbortSignal): Promise<Tenure | PipelineOutcome> {
    const { lease, journal } = this.#options
    const acquired = await lease.acquire(journal.epoch, signal, {
      onHeld: (detail) => {
        if (this.#phase !== 'standby') this.#monitor.say('info', 'standby', detail)
        this.#phase = 'standby'
      },
      onTrouble: (ms, reason) => this.#monitor.resting(ms, reason),
    })
    if (acquired.kind === 'interrupted') return { kind: 'interrupted', batchesLeft: 0 }
    if (acquired.kind === 'refused') {
      return { kind: 'stopped', stop: { ...acquired, field: null } }
    }
    if (this.#phase === 'standby') {
      this.#monitor.say('info', 'takes_over', `under epoch ${acquired.tenure.epoch}`)
    }
    return acquired.tenure
  }

  async #streamEpoch(tenure: Tenure, signal: AbortSignal): Promise<EpochOutcome> {
    const { feed, journal } = this.#options
    const cursor = journal.cursorOf(feed.identity)
    try {
      journal.beginEpoch(feed.identity, tenure.epoch)
    } catch (error) {
      return { kind: 'failed', detail: messageOf(error) }
    }
    this.#phase = 'streaming'
    this.#feedFailures.dialled(this.#options.clock.now())
    this.#ticksJournaledBefore = this.status.ticksJournaled
    const deliverer = this.#createDeliverer(tenure.epoch, 0, 0, this.#options.delivery)
    this.#stream = new EpochStream(this.#options, deliverer, this.#conflator, cursor)
    return this.#stream.run(tenure, signal, () => {
      this.#phase = 'draining'
    })
  }

  #createDeliverer(
    epoch: number,
    acknowledged: number,
    committed: number,
    settings: DeliverySettings,
  ): Deliverer {
    const { journal, post, clock, random } = this.#options
    const options = {
      store: journal,
      post,
      clock,
      random,
      settings,
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

function isTakenOver(outcome: EpochOutcome): boolean {
  return outcome.kind === 'takenOver' || (outcome.kind === 'stopped' && outcome.stop.kind === 'stale')
}
