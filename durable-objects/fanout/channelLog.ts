/**
 * The newest frame of a channel and the deltas that led to it, as far back as a viewer may go on from. The deltas have
 * no gaps and are of one epoch; whatever does not continue them starts them anew. Pure; the hub publishes to its log, a
 * relay receives into its own what the hub's log gave out.
 */
import type { GammaFrame } from '#schemas/frame/gamma'
import { applyDelta } from '#schemas/stream/applyDelta'
import { deltaOf, type GammaDelta } from '#schemas/stream/delta'
import type { Position } from '#schemas/stream/messages'
import { RESUME } from '#schemas/stream/protocol'
import { snapshotOf, type GammaSnapshot } from '#schemas/stream/snapshot'
import { Outgoing } from './outgoing.ts'

interface Kept {
  readonly delta: Outgoing
  readonly atMs: number
}

/** Emptied places at the front are given back when there are this many. */
const COMPACT_AT = 256

export class ChannelLog {
  readonly channel: string
  readonly #limits: { readonly ms: number; readonly frames: number }
  #frame: GammaFrame | null = null
  #snapshot: Outgoing | null = null
  /** Oldest first, from index `#first` on. */
  #kept: Kept[] = []
  #first = 0

  constructor(channel: string, limits: { readonly ms: number; readonly frames: number } = RESUME) {
    this.channel = channel
    this.#limits = limits
  }

  /** The newest, quantised; null before the first. */
  get frame(): GammaFrame | null {
    return this.#frame
  }

  get position(): Position | null {
    return this.#frame && { epoch: this.#frame.epoch, sequence: this.#frame.sequence }
  }

  /** The channel's next frame, quantised. Returns what to send to those who hold the one before. */
  publish(frame: GammaFrame, nowMs: number): Outgoing {
    const delta = this.#frame && deltaOf(this.#frame, frame)
    if (delta === null) return this.#begin(frame, new Outgoing(snapshotOf(frame)))
    return this.#continue(frame, new Outgoing(delta), nowMs)
  }

  /**
   * What another log gave out. `old`: not newer than what is held. `unfit`: it does not follow what is held, so only a
   * snapshot helps.
   */
  receive(message: GammaSnapshot | GammaDelta, bytes: Uint8Array, nowMs: number): Outgoing | 'old' | 'unfit' {
    const outgoing = new Outgoing(message, bytes)
    if (this.position !== null && !isAfter(outgoing.position, this.position)) return 'old'
    if (message.type === 'snapshot') return this.#begin(message.frame, outgoing)
    if (this.#frame === null) return 'unfit'
    const applied = applyDelta(this.#frame, message)
    return applied.ok ? this.#continue(applied.frame, outgoing, nowMs) : 'unfit'
  }

  /** Of the newest frame; null before the first. */
  snapshot(): Outgoing | null {
    if (this.#frame === null) return null
    this.#snapshot ??= new Outgoing(snapshotOf(this.#frame))
    return this.#snapshot
  }

  /** Whether a viewer of this position may go on from it. */
  canResume(position: Position, nowMs: number): boolean {
    this.#forget(nowMs)
    return this.covers(position)
  }

  /** Every frame after a position, or null when they are not all here: never some of them. */
  after(position: Position, nowMs: number): readonly Outgoing[] | null {
    if (!this.canResume(position, nowMs)) return null
    const missing = this.#missing(position)
    return missing === 0 ? [] : this.#kept.slice(-missing).map(({ delta }) => delta)
  }

  /** Whether every frame after the position is here. */
  covers(position: Position): boolean {
    const missing = this.#missing(position)
    return missing >= 0 && missing <= this.#kept.length - this.#first
  }

  /** The frame that follows a position that is covered and not the newest. */
  next(position: Position): Outgoing | undefined {
    return this.#kept.at(-this.#missing(position))?.delta
  }

  /** Negative for a position that is not of this epoch or not reached yet. */
  #missing({ epoch, sequence }: Position): number {
    return this.#frame === null || this.#frame.epoch !== epoch ? -1 : this.#frame.sequence - sequence
  }

  #begin(frame: GammaFrame, snapshot: Outgoing): Outgoing {
    this.#frame = frame
    this.#snapshot = snapshot
    this.#kept = []
    this.#first = 0
    return snapshot
  }

  #continue(frame: GammaFrame, delta: Outgoing, nowMs: number): Outgoing {
    this.#kept.at(-1)?.delta.shrink()
    this.#frame = frame
    this.#snapshot = null
    this.#kept.push({ delta, atMs: nowMs })
    if (this.#kept.length - this.#first > this.#limits.frames) this.#first++
    this.#forget(nowMs)
    return delta
  }

  #forget(nowMs: number): void {
    const oldestMs = nowMs - this.#limits.ms
    while (this.#first < this.#kept.length && (this.#kept[this.#first] as Kept).atMs < oldestMs) this.#first++
    if (this.#first < COMPACT_AT) return
    this.#kept.splice(0, this.#first)
    this.#first = 0
  }
}

/** Newer in its epoch, or of a later one. */
export function isAfter(a: Position, b: Position): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.sequence > b.sequence)
}
