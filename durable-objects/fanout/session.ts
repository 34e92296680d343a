/**
 * One viewer's side of `/ws/v1`: what each of its messages does, and what it gets of a frame. Pure: it acts through its
 * port and is told the time. The protocol is in docs/design/stream.md.
 */
import type { FeedKind } from '#schemas/feed'
import { symbolOfChannel } from '#schemas/stream/channel'
import { readClientMessage } from '#schemas/stream/clientMessage'
import type { CloseName } from '#schemas/stream/closeCodes'
import type { ClientMessage, ControlMessage, Position, STREAM_ERRORS } from '#schemas/stream/messages'
import { CREDIT, STREAM_LIMITS } from '#schemas/stream/protocol'
import { mayRead, TIER_LIMITS } from '#schemas/tiers'
import type { Caller, Debts } from './caller.ts'
import type { ChannelLog } from './channelLog.ts'
import type { ChannelLogs } from './channelLogs.ts'
import { frameSource } from './frameSource.ts'
import type { Encoding, Outgoing, Payload } from './outgoing.ts'
import { Viewer, type Credit } from './viewer.ts'

/** What is unacknowledged is written down before it is more, and so much ahead, for a write per frame would be too many. */
const AHEAD: Credit = { frames: Math.ceil(CREDIT.frames / 4), bytes: CREDIT.bytes / 4 }
const NOTHING: Credit = { frames: 0, bytes: 0 }

/** A channel that frames arrive for. Before the first its logs are empty, and of what kind its feed is not known. */
export interface LiveChannel {
  readonly logs: ChannelLogs
  readonly feed: FeedKind | null
}

/** Of a session whose memory was lost. */
export interface Remembered {
  readonly channels: readonly string[]
  readonly debts: Debts
}

export interface SessionPort {
  send(data: string | Uint8Array): void
  close(name: CloseName): void
  /** Null for a channel that is not live here; `join` it, and `joined` follows. */
  live(channel: string): LiveChannel | null
  join(channel: string): void
  /** `channels` or `debts` have changed. */
  changed(): void
}

export class Session {
  readonly #port: SessionPort
  readonly #caller: Caller
  readonly #encoding: Encoding
  readonly #viewer: Viewer<Payload>
  /** Asked for and not live yet, and where to go on from. */
  readonly #pending = new Map<string, Position | null>()
  /** Channels asked for that had no frame. Asking makes an object, which costs, so it cannot go on for ever. */
  #unknowns = 0
  /**
   * The first acknowledgement owed since there is memory of this session; those after it are not written down, because
   * that would be a write per frame. `settled` once it has come.
   */
  #firstAckByMs: number | 'settled' | null = null
  /** Written down until then: not less than is unacknowledged. */
  #unacknowledged: Credit = NOTHING
  #isOfLifeBefore = false
  #isOver = false

  /** `restored`: what was had by a session whose memory was lost. */
  constructor(
    port: SessionPort,
    caller: Caller,
    encoding: Encoding,
    start: { readonly connectedMs: number } | { readonly restored: Remembered },
  ) {
    this.#port = port
    this.#caller = caller
    this.#encoding = encoding
    this.#viewer = new Viewer('connectedMs' in start ? start.connectedMs : null)
    if (!('restored' in start)) return
    const { channels, debts } = start.restored
    for (const channel of channels) this.#viewer.restore(channel, debts.promised.includes(channel))
    if (debts.ackByMs === null) return
    this.#firstAckByMs = debts.ackByMs
    this.#isOfLifeBefore = true
    this.#unacknowledged = debts.unacknowledged ?? NOTHING
    this.#viewer.owe(debts.ackByMs, this.#unacknowledged)
  }

  /** One frame in so long. */
  get frameEveryMs(): number {
    return TIER_LIMITS[this.#caller.tier].frameEveryMs
  }

  /** Subscribed, and about to be. */
  get channels(): readonly string[] {
    return [...this.#viewer.channels, ...this.#pending.keys()]
  }

  /** What must not be forgotten with the memory of this session. */
  get debts(): Debts {
    const ackByMs = this.#firstAckByMs === 'settled' ? null : this.#firstAckByMs
    return { ackByMs, promised: [...this.#viewer.promised], unacknowledged: this.#unacknowledged }
  }

  receive(data: string | ArrayBuffer, nowMs: number): void {
    if (this.#isOver) return
    const read = readClientMessage(data)
    if (read.kind === 'tooLarge') this.#close('tooLarge')
    else if (read.kind === 'binary') this.#close('badMessage')
    else if (read.kind === 'bad') this.#bad(read.detail)
    else this.#act(read.message, nowMs)
  }

  /** The answer to a `join`: the channel is live, it has no data and is not waited for, or it cannot be reached. */
  joined(channel: string, outcome: LiveChannel | 'unknown' | 'unreachable', nowMs: number): void {
    const from = this.#pending.get(channel)
    if (from === undefined) return
    this.#pending.delete(channel)
    if (outcome === 'unreachable') return this.#close('tryAgainLater')
    const isUnknown = outcome === 'unknown' || outcome.logs.full.frame === null
    if (isUnknown && ++this.#unknowns > STREAM_LIMITS.channels) return this.#close('flood')
    if (outcome !== 'unknown') return this.#begin(channel, from, outcome, nowMs)
    this.#error('unknown_channel', 'expected a symbol that has had data', channel)
    this.#port.changed()
  }

  /** The newest frame of a channel at the session's cadence; for who has the one before it, this one is enough. */
  publish(frame: Outgoing, log: ChannelLog, nowMs: number): void {
    const payload = frame.in(this.#encoding)
    if (!frame.isSnapshot && this.#viewer.offer(payload, frame.position.epoch, nowMs)) {
      this.#port.send(payload.data)
    } else this.#pump(frame.channel, log, nowMs)
    if (this.#noteDebt()) this.#port.changed()
  }

  /** The channel is of another kind of feed than it was. */
  feedChanged(feed: FeedKind): void {
    if (!mayRead(this.#caller.tier, 'stream', feed)) this.#close('tierTooLow')
  }

  /** When it must have been heard of, or its token ends. */
  get deadlineMs(): number {
    return Math.min(this.#caller.expiresAtMs, this.#viewer.deadlineMs ?? Number.POSITIVE_INFINITY)
  }

  /** Ends the session if its time is up. */
  checkDeadline(nowMs: number): void {
    if (this.deadlineMs > nowMs) return
    this.#close(this.#caller.expiresAtMs <= nowMs ? 'unauthorized' : 'slow')
  }

  #act(message: ClientMessage, nowMs: number): void {
    if (message.op === 'ack') {
      const result = this.#viewer.acknowledge(message.positions, nowMs)
      if (result === 'freed') {
        this.#settleFirstDebt()
        this.#pumpAll(nowMs)
        if (this.#noteDebt()) this.#port.changed()
        return
      }
      if (result === 'bogus') return this.#bad('positions: expected frames that were sent')
    }
    if (!this.#viewer.admitControl(nowMs)) return this.#close('flood')
    if (message.op === 'ping') {
      this.#say({ type: 'heartbeat', serverMs: nowMs, positions: this.#viewer.positions() })
    } else if (message.op === 'unsubscribe') {
      for (const channel of message.channels) this.#unsubscribe(channel)
      this.#port.changed()
    } else if (message.op === 'subscribe') {
      this.#viewer.asked()
      for (const { channel, from } of message.channels) {
        if (!this.#isOver) this.#subscribe(channel, from, nowMs)
      }
      this.#port.changed()
    }
  }

  #subscribe(channel: string, from: Position | null, nowMs: number): void {
    if (symbolOfChannel(channel) === null) return this.#close('unknownChannel')
    const { channels } = this
    if (!channels.includes(channel) && channels.length >= STREAM_LIMITS.channels) {
      return this.#error('too_many_channels', `expected at most ${STREAM_LIMITS.channels} channels`, channel)
    }
    const live = this.#port.live(channel)
    if (live !== null) return this.#begin(channel, from, live, nowMs)
    this.#pending.set(channel, from)
    this.#port.join(channel)
  }

  #begin(channel: string, from: Position | null, { logs, feed }: LiveChannel, nowMs: number): void {
    // Without a frame the tier is judged when the first one comes.
    if (feed !== null && !mayRead(this.#caller.tier, 'stream', feed)) return this.#close('tierTooLow')
    const log = logs.at(this.frameEveryMs, nowMs)
    const at = log.position ?? { epoch: 0, sequence: 0 }
    const recovered = from !== null && log.canResume(from, nowMs)
    this.#viewer.subscribe(channel, from, recovered ? at : null, nowMs)
    this.#say({ type: 'subscribed', channel, ...at, recovered })
    this.#pump(channel, log, nowMs)
    this.#noteDebt()
    this.#port.changed()
  }

  #unsubscribe(channel: string): void {
    const isPending = this.#pending.delete(channel)
    if (this.#viewer.unsubscribe(channel) || isPending) this.#say({ type: 'unsubscribed', channel })
    else this.#error('not_subscribed', 'expected a channel that is subscribed', channel)
  }

  #pumpAll(nowMs: number): void {
    for (const channel of this.#viewer.channels) {
      const log = this.#port.live(channel)?.logs.at(this.frameEveryMs, nowMs)
      if (log !== undefined && this.#pump(channel, log, nowMs) > 0) this.#viewer.toTheEnd(channel)
    }
  }

  /** Returns how many frames went out. */
  #pump(channel: string, log: ChannelLog, nowMs: number): number {
    const wasPromised = this.#viewer.isPromised(channel)
    const source = frameSource(log, this.#encoding)
    const frames = source === null ? [] : this.#viewer.pump(channel, source, nowMs)
    if (frames === 'slow') {
      this.#close('slow')
      return 0
    }
    for (const { data } of frames) this.#port.send(data)
    if (wasPromised && !this.#viewer.isPromised(channel)) this.#port.changed()
    return frames.length
  }

  /** True when there is something to write down. */
  #noteDebt(): boolean {
    if (this.#firstAckByMs === 'settled') return false
    const { ackByMs, outstanding } = this.#viewer
    if (ackByMs === null) return false
    const { frames, bytes } = this.#unacknowledged
    const isNew = this.#firstAckByMs === null
    this.#firstAckByMs ??= ackByMs
    if (!isNew && outstanding.frames <= frames && outstanding.bytes <= bytes) return false
    this.#unacknowledged = {
      frames: outstanding.frames + AHEAD.frames,
      bytes: outstanding.bytes + AHEAD.bytes,
    }
    return true
  }

  #settleFirstDebt(): void {
    if (this.#firstAckByMs === 'settled') return
    this.#firstAckByMs = this.#isOfLifeBefore ? null : 'settled'
    this.#isOfLifeBefore = false
    this.#unacknowledged = NOTHING
    this.#noteDebt()
    this.#port.changed()
  }

  #bad(detail: string): void {
    if (this.#viewer.admitBad()) this.#error('bad_message', detail)
    else this.#close('badMessage')
  }

  #close(name: CloseName): void {
    this.#isOver = true
    this.#port.close(name)
  }

  #error(code: (typeof STREAM_ERRORS)[number], detail: string, channel?: string): void {
    this.#say({ type: 'error', code, detail, ...(channel === undefined ? {} : { channel }) })
  }

  #say(message: ControlMessage): void {
    this.#port.send(JSON.stringify(message))
  }
}
