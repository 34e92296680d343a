/**
 * The relays of a channel, each with at most one call in flight. While that lasts nothing is queued for the relay: when
 * the call ends it gets the newest frame, as a delta if that follows what it has, else as a snapshot.
 */
import type { Position } from '#schemas/stream/messages'
import type { ChannelLog } from '../../fanout/channelLog.ts'
import { LEASE_MS, type PushAnswer } from '../../relay/contract.ts'

/** A call that is not answered within this is given up. */
const PUSH_TIMEOUT_MS = 10_000

export interface RelayPort {
  push(relay: string, bytes: Uint8Array): Promise<PushAnswer>
  /** Keeps the names, so that a hub that lost its memory still knows where its frames go. */
  save(relays: readonly string[]): void
  failed(relay: string, error: unknown): void
}

interface Relay {
  readonly name: string
  leaseUntilMs: number
  /** Null when it is not known. */
  held: Position | null
  busySinceMs: number | null
  /** Counts how often it has joined: a "left" from before the last time does not count. */
  joins: number
}

export class RelayPusher {
  readonly #log: ChannelLog
  readonly #port: RelayPort
  readonly #relays = new Map<string, Relay>()

  /** `known`: the names saved last. */
  constructor(log: ChannelLog, port: RelayPort, known: readonly string[], nowMs: number) {
    this.#log = log
    this.#port = port
    for (const name of known) this.#relays.set(name, newRelay(name, nowMs))
  }

  get names(): readonly string[] {
    return [...this.#relays.keys()]
  }

  get size(): number {
    return this.#relays.size
  }

  /** `held`: the frame it is given in answer to joining; null while there is none. */
  join(name: string, held: Position | null, nowMs: number): void {
    const relay = this.#renewed(name, nowMs)
    relay.joins++
    if (relay.busySinceMs === null) relay.held = held
  }

  /** A frame that got lost on the way is sent again, however quiet the channel. */
  renew(name: string, nowMs: number): void {
    void this.#push(this.#renewed(name, nowMs), nowMs)
  }

  /** There is a newer frame in the log. */
  published(nowMs: number): void {
    let isFewer = false
    for (const relay of this.#relays.values()) {
      if (relay.leaseUntilMs < nowMs) isFewer = this.#relays.delete(relay.name)
      else void this.#push(relay, nowMs)
    }
    if (isFewer) this.#save()
  }

  async #push(relay: Relay, nowMs: number): Promise<void> {
    if (relay.busySinceMs !== null && nowMs - relay.busySinceMs < PUSH_TIMEOUT_MS) return
    relay.busySinceMs = nowMs
    try {
      while (!this.#isUpToDate(relay)) {
        // One call at a time is the point.
        // oxlint-disable-next-line no-await-in-loop
        if (!(await this.#pushNewest(relay))) break
      }
    } catch (error) {
      relay.held = null
      this.#port.failed(relay.name, error)
    } finally {
      relay.busySinceMs = null
    }
  }

  /** False when there is no use in going on. */
  async #pushNewest(relay: Relay): Promise<boolean> {
    const { position } = this.#log
    if (position === null) return false
    const { held, joins } = relay
    const isNext = held !== null && this.#log.missing(held) === 1
    const delta = isNext ? this.#log.next(held) : undefined
    const frame = delta ?? this.#log.snapshot()
    if (frame === null) return false
    const answer = await this.#port.push(relay.name, frame.bytes())
    relay.held = answer === 'held' ? position : null
    if (answer !== 'left') return answer === 'held' || delta !== undefined
    if (relay.joins === joins && this.#relays.delete(relay.name)) this.#save()
    return relay.joins !== joins
  }

  #isUpToDate({ held }: Relay): boolean {
    const { position } = this.#log
    return held?.epoch === position?.epoch && held?.sequence === position?.sequence
  }

  #renewed(name: string, nowMs: number): Relay {
    const known = this.#relays.get(name)
    const relay = known ?? newRelay(name, nowMs)
    relay.leaseUntilMs = nowMs + LEASE_MS
    if (known === undefined) {
      this.#relays.set(name, relay)
      this.#save()
    }
    return relay
  }

  #save(): void {
    this.#port.save([...this.#relays.keys()])
  }
}

function newRelay(name: string, nowMs: number): Relay {
  return { name, leaseUntilMs: nowMs + LEASE_MS, held: null, busySinceMs: null, joins: 0 }
}
