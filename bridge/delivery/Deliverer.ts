import type { Clock } from '../clock/clock.ts'
import {
  deliver,
  startDelivery,
  type DeliveryEffect,
  type DeliveryEvent,
  type DeliverySettings,
  type DeliveryState,
  type Stop,
} from './delivery.ts'
import type { PostResult } from './answer.ts'
import type { Post } from './poster.ts'

/** What the deliverer needs of the journal. */
export interface BatchStore {
  read(epoch: number, sequence: number): Uint8Array | null
  acknowledge(epoch: number, sequence: number): void
}

export interface DelivererOptions {
  readonly store: BatchStore
  readonly post: Post
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  readonly settings: DeliverySettings
  readonly onAttempt?: (result: PostResult) => void
  readonly onRest?: (ms: number, reason: string) => void
}

/** Drives `delivery.ts` for one epoch: sends, rests, forgets. */
export class Deliverer {
  readonly #options: DelivererOptions
  readonly #closed = new AbortController()
  #state: DeliveryState
  #waiters: { readonly met: () => boolean; readonly resolve: () => void }[] = []

  constructor(options: DelivererOptions, epoch: number, acknowledged: number, committed: number) {
    this.#options = options
    this.#state = startDelivery(epoch, acknowledged, acknowledged)
    this.commit(committed)
  }

  get state(): DeliveryState {
    return this.#state
  }

  /** Everything up to `sequence` is safely journaled: send it. */
  commit(sequence: number): void {
    this.#handle({ kind: 'committed', sequence })
  }

  get unacknowledged(): number {
    return this.#state.committed - this.#state.acknowledged
  }

  /** Resolves once at most `count` committed batches are unacknowledged, delivery has stopped, or `signal` aborts. */
  async until(count: number, signal: AbortSignal): Promise<void> {
    await this.#until(() => this.unacknowledged <= count || this.#state.stopped !== null, signal)
  }

  /** Resolves once another batch would be sent at once: fewer than may be in flight are unacknowledged. */
  async untilRoom(signal: AbortSignal): Promise<void> {
    await this.until(this.#options.settings.window - 1, signal)
  }

  /** Resolves once delivery has stopped for good, or `signal` aborts. */
  async untilStopped(signal: AbortSignal): Promise<void> {
    await this.#until(() => this.#state.stopped !== null, signal)
  }

  get stop(): Stop | null {
    return this.#state.stopped
  }

  /** Sends nothing more. Attempts in flight end by themselves; their answers are ignored. */
  close(): void {
    this.#closed.abort()
  }

  async #until(met: () => boolean, signal: AbortSignal): Promise<void> {
    if (met() || signal.aborted) return
    const over = new AbortController()
    await new Promise<void>((resolve) => {
      this.#waiters.push({ met, resolve })
      signal.addEventListener('abort', () => resolve(), { once: true, signal: over.signal })
    })
    over.abort()
  }

  #handle(event: DeliveryEvent): void {
    if (this.#closed.signal.aborted) return
    const { random, settings } = this.#options
    const { state, effects } = deliver(this.#state, event, random(), settings)
    this.#state = state
    for (const effect of effects) this.#perform(effect)
    const ready = this.#waiters.filter(({ met }) => met())
    this.#waiters = this.#waiters.filter((waiter) => !ready.includes(waiter))
    for (const { resolve } of ready) resolve()
  }

  #perform(effect: DeliveryEffect): void {
    const { epoch } = this.#state
    if (effect.kind === 'forget') this.#options.store.acknowledge(epoch, effect.upTo)
    else if (effect.kind === 'send') void this.#send(epoch, effect.sequence)
    else void this.#rest(effect.ms, effect.reason)
  }

  async #send(epoch: number, sequence: number): Promise<void> {
    const batch = this.#options.store.read(epoch, sequence)
    // A damaged journal: the receiver cannot be given what it expects, just as if it had asked for the impossible.
    const unreadable: PostResult = { kind: 'gap', expected: { epoch, sequence: this.#state.acknowledged } }
    const result = await (batch ? this.#options.post(batch) : Promise.resolve(unreadable))
    this.#options.onAttempt?.(result)
    this.#handle({ kind: 'answered', sequence, result })
  }

  async #rest(ms: number, reason: string): Promise<void> {
    this.#options.onRest?.(ms, reason)
    await this.#options.clock.sleep(ms, this.#closed.signal)
    this.#handle({ kind: 'rested' })
  }
}
