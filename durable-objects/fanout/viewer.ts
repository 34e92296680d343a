/**
 * What one viewer was sent, may be sent and must do in time. Pure: frames are sent by whoever asks it, at times it is
 * told. A viewer is never queued for: it has a cursor per channel, and when it acknowledges it is brought to the newest.
 */
import type { Position } from '#schemas/stream/messages'
import { CREDIT, STREAM_LIMITS } from '#schemas/stream/protocol'

/** A frame as far as a viewer counts it. */
export interface Sendable {
  readonly channel: string
  readonly sequence: number
  /** Sequence of the frame before it in its log; of a delta, the one it changes. */
  readonly previous: number
  /** Bytes on the wire, about. */
  readonly size: number
}

/** A live channel at one cadence and in one encoding. */
export interface FrameSource<F extends Sendable> {
  readonly newest: Position
  /** How many frames follow a position; null when they cannot all be had. */
  missing(position: Position): number | null
  /** The one frame after a position that leads to the newest and is not it. */
  next(position: Position): F
  snapshot(): F
  /** Whether all frames after a position that leads to the newest are smaller than a snapshot. */
  isShorterFrom(position: Position): boolean
}

interface Cursor {
  /** Null: what this viewer has is not known, so it begins with a snapshot. */
  epoch: number | null
  sent: number
  /** It was told that it gets every frame up to this one. */
  promised: number
  /** The largest sequence it can have had from us. */
  largest: number
}

export interface Credit {
  readonly frames: number
  readonly bytes: number
}

const NOTHING: Credit = { frames: 0, bytes: 0 }

export class Viewer<F extends Sendable> {
  readonly #credit: Credit
  readonly #cursors = new Map<string, Cursor>()
  /** Sent and not acknowledged, in the order of sending. */
  readonly #outstanding: Sendable[] = []
  #bytes = 0
  #subscribeByMs: number | null
  #ackByMs: number | null = null
  /** It owes an acknowledgement of what was sent before the memory of it was lost, and that is so much at most. */
  #oldDebt: Credit | null = null
  #badMessages = 0
  readonly #controlMs: number[] = []

  /** `connectedMs` is null for a viewer that was here before the memory of it was lost. */
  constructor(connectedMs: number | null, credit: Credit = CREDIT) {
    this.#credit = credit
    this.#subscribeByMs = connectedMs === null ? null : connectedMs + STREAM_LIMITS.subscribeWithinMs
  }

  get channels(): readonly string[] {
    return [...this.#cursors.keys()]
  }

  /** What it has not acknowledged. */
  get outstanding(): Credit {
    const { frames, bytes } = this.#oldDebt ?? NOTHING
    return { frames: frames + this.#outstanding.length, bytes: bytes + this.#bytes }
  }

  /** Channels of which it was promised frames that it did not get yet. */
  get promised(): readonly string[] {
    return this.channels.filter((channel) => this.isPromised(channel))
  }

  /** By when it must acknowledge something; null when it owes nothing. */
  get ackByMs(): number | null {
    return this.#ackByMs
  }

  isPromised(channel: string): boolean {
    const cursor = this.#cursors.get(channel)
    return cursor !== undefined && cursor.sent < cursor.promised
  }

  has(channel: string): boolean {
    return this.#cursors.has(channel)
  }

  /** What was sent last of each channel; nothing of a channel of which nothing was. */
  positions(): Record<string, Position> {
    const positions: Record<string, Position> = {}
    for (const [channel, { epoch, sent }] of this.#cursors) {
      if (epoch !== null) positions[channel] = { epoch, sequence: sent }
    }
    return positions
  }

  /** A first wish to subscribe came, whatever becomes of it. */
  asked(): void {
    this.#subscribeByMs = null
  }

  /** `recoveredAt`: the viewer goes on from `from` and is promised every frame up to there. Null begins anew. */
  subscribe(channel: string, from: Position | null, recoveredAt: Position | null, nowMs: number): void {
    // Frames of channels given up stay outstanding, but nobody waits for them while there is no channel.
    if (this.#cursors.size === 0 && this.#ackByMs !== null) this.#ackByMs = ackBy(nowMs)
    const isRecovered = from !== null && recoveredAt !== null
    const largest = this.#cursors.get(channel)?.largest ?? 0
    this.#cursors.set(channel, {
      epoch: isRecovered ? from.epoch : null,
      sent: isRecovered ? from.sequence : 0,
      promised: isRecovered ? recoveredAt.sequence : 0,
      largest: Math.max(largest, isRecovered ? from.sequence : 0),
    })
  }

  /** A channel subscribed before the memory of it was lost. `isPromised`: with frames it was promised under way. */
  restore(channel: string, isPromised = false): void {
    const promised = isPromised ? Number.POSITIVE_INFINITY : 0
    this.#cursors.set(channel, { epoch: null, sent: 0, promised, largest: Number.POSITIVE_INFINITY })
  }

  /** It must acknowledge something of before by then, and has used this much of its credit. */
  owe(ackByMs: number, unacknowledged: Credit): void {
    this.#ackByMs = ackByMs
    this.#oldDebt = unacknowledged
  }

  unsubscribe(channel: string): boolean {
    return this.#cursors.delete(channel)
  }

  /** Whether the newest frame, of this epoch, may go out at once; it then counts as sent. */
  offer(frame: F, epoch: number, nowMs: number): boolean {
    const cursor = this.#cursors.get(frame.channel)
    if (cursor === undefined || cursor.epoch !== epoch || cursor.sent !== frame.previous) return false
    if (!this.#hasCredit(frame.size)) return false
    this.#count(cursor, epoch, frame, nowMs)
    return true
  }

  /**
   * What to send now to bring the viewer to the newest frame, as far as its credit goes; it counts as sent. `slow`: it
   * was promised frames that it did not fetch in time, and they are gone.
   */
  pump(channel: string, source: FrameSource<F>, nowMs: number): readonly F[] | 'slow' {
    const cursor = this.#cursors.get(channel)
    if (cursor === undefined) return []
    const { epoch, sequence: newest } = source.newest
    const frames: F[] = []
    const take = (frame: F): boolean => {
      if (!this.#hasCredit(frame.size)) return false
      this.#count(cursor, epoch, frame, nowMs)
      frames.push(frame)
      return true
    }
    const missing = cursor.epoch === epoch ? source.missing({ epoch, sequence: cursor.sent }) : null
    const isPromised = this.isPromised(channel) && (cursor.epoch ?? epoch) === epoch
    if (isPromised && missing === null) return 'slow'
    if (this.outstanding.frames >= this.#credit.frames) return []
    if (isPromised || (missing !== null && this.#goesByDeltas(cursor.sent, missing, source))) {
      while (cursor.sent < newest && take(source.next({ epoch, sequence: cursor.sent })));
    } else take(source.snapshot())
    return frames
  }

  /** So that the channel that got its frames is last in turn when credit is short. */
  toTheEnd(channel: string): void {
    const cursor = this.#cursors.get(channel)
    if (cursor === undefined || !this.#cursors.delete(channel)) return
    this.#cursors.set(channel, cursor)
  }

  /**
   * The newest sequence taken in of some channels. Frames arrive in the order of sending, so everything sent before one
   * that arrived has arrived. `bogus`: a frame that was never sent.
   */
  acknowledge(positions: Readonly<Record<string, number>>, nowMs: number): 'freed' | 'nothing' | 'bogus' {
    let arrived = 0
    let isOfOldDebt = false
    for (const [channel, sequence] of Object.entries(positions)) {
      const at = this.#outstanding.findIndex(
        (frame) => frame.sequence === sequence && frame.channel === channel,
      )
      arrived = Math.max(arrived, at + 1)
      if (at < 0 && this.#wasNeverSent(channel, sequence)) return 'bogus'
      isOfOldDebt ||= this.#oldDebt !== null && this.#cursors.has(channel)
    }
    if (arrived === 0 && !isOfOldDebt) return 'nothing'
    this.#oldDebt = null
    for (const { size } of this.#outstanding.splice(0, arrived)) this.#bytes -= size
    this.#ackByMs = this.#outstanding.length === 0 ? null : ackBy(nowMs)
    return 'freed'
  }

  /** Counts a message that is neither ping nor useful acknowledgement; false when there are too many. */
  admitControl(nowMs: number): boolean {
    const sinceMs = nowMs - STREAM_LIMITS.controlWindowMs
    while (this.#controlMs.length > 0 && (this.#controlMs[0] as number) <= sinceMs) this.#controlMs.shift()
    if (this.#controlMs.length >= STREAM_LIMITS.controlMessages) return false
    this.#controlMs.push(nowMs)
    return true
  }

  /** Counts a message that could not be understood; false when it was one too many. */
  admitBad(): boolean {
    this.#badMessages++
    return this.#badMessages < STREAM_LIMITS.badMessages
  }

  /** When it must have subscribed or acknowledged; null when nothing is asked of it. */
  get deadlineMs(): number | null {
    const ackByMs = this.#cursors.size === 0 ? null : this.#ackByMs
    if (this.#subscribeByMs === null || ackByMs === null) return this.#subscribeByMs ?? ackByMs
    return Math.min(this.#subscribeByMs, ackByMs)
  }

  /** Where nothing was sent yet, it may be of a subscription before this one. */
  #wasNeverSent(channel: string, sequence: number): boolean {
    const cursor = this.#cursors.get(channel)
    return cursor !== undefined && cursor.epoch !== null && sequence > cursor.largest
  }

  #goesByDeltas(sent: number, missing: number, source: FrameSource<F>): boolean {
    if (missing === 0) return true
    const hasRoom = missing <= this.#credit.frames - this.outstanding.frames
    return hasRoom && source.isShorterFrom({ epoch: source.newest.epoch, sequence: sent })
  }

  /** One frame always fits, so that a frame larger than all credit does not stop a viewer for good. */
  #hasCredit(size: number): boolean {
    const frames = this.#outstanding.length + (this.#oldDebt?.frames ?? 0)
    const bytes = this.#bytes + (this.#oldDebt?.bytes ?? 0)
    return frames === 0 || (frames < this.#credit.frames && bytes + size <= this.#credit.bytes)
  }

  #count(cursor: Cursor, epoch: number, frame: F, nowMs: number): void {
    // What was promised of an epoch before is not to be had any more.
    if (cursor.epoch !== epoch) cursor.promised = 0
    cursor.epoch = epoch
    cursor.sent = frame.sequence
    if (frame.sequence > cursor.largest) cursor.largest = frame.sequence
    this.#outstanding.push(frame)
    this.#bytes += frame.size
    this.#ackByMs ??= ackBy(nowMs)
  }
}

function ackBy(nowMs: number): number {
  return nowMs + STREAM_LIMITS.ackWithinMs
}
