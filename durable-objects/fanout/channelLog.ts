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

/** How far back viewers may go on from. */
export interface LogLimits {
  readonly ms: number
  readonly frames: number
}

/** Emptied places at the front are given back when there are this many. */
const COMPACT_AT = 256

export class ChannelLog {
  readonly channel: string
  readonly #limits: LogLimits
  #frame: GammaFrame | null = null
  #snapshot: Outgoing | null = null
  /** Oldest first, from index `#first` on. */
  #kept: Kept[] = []
  #first = 0

  constructor(channel: string, limits: LogLimits = RESUME) {
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
    return this.#indexAfter(position) !== null
  }

  /** Every frame after a position, or null when they are not all here: never some of them. */
  after(position: Position, nowMs: number): readonly Outgoing[] | null {
    this.#forget(nowMs)
    const index = this.#indexAfter(position)
    return index === null ? null : this.#kept.slice(index).map(({ delta }) => delta)
  }

  /** How many frames follow a position; null when they are not all here. */
  missing(position: Position): number | null {
    const index = this.#indexAfter(position)
    return index === null ? null : this.#kept.length - index
  }

  /** The frame that follows a position; none when that is the newest, or does not lead to it. */
  next(position: Position): Outgoing | undefined {
    const index = this.#indexAfter(position)
    return index === null ? undefined : this.#kept[index]?.delta
  }

  /** Where the frames that follow a position begin. Null for one of another epoch, or that no frame here follows. */
  #indexAfter({ epoch, sequence }: Position): number | null {
    if (this.#frame === null || this.#frame.epoch !== epoch) return null
    if (this.#frame.sequence === sequence) return this.#kept.length
    let low = this.#first
    let high = this.#kept.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#previousAt(middle) < sequence) low = middle + 1
      else high = middle
    }
    return low < this.#kept.length && this.#previousAt(low) === sequence ? low : null
  }

  #previousAt(index: number): number {
    return (this.#kept[index] as Kept).delta.previous
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
