/**
 * The channels a relay has: joined at their hub when the first viewer wants them, fed by the hub's pushes, kept by
 * renewing. A channel whose last viewer has left is kept for as long as that viewer may go on from its position. Nothing
 * is kept for it but what comes anyway, the hub's pushes and the relay's alarm: with neither for ten seconds the relay
 * falls asleep and has forgotten the frames, and with them the reason to stay.
 */
import type { FeedKind } from '#schemas/feed'
import { symbolOfChannel } from '#schemas/stream/channel'
import { decodeStreamFrame } from '#schemas/stream/decodeBinary'
import { RESUME } from '#schemas/stream/protocol'
import { EVERY_FRAME } from '#schemas/tiers'
import type { ChannelLog } from '../fanout/channelLog.ts'
import { ChannelLogs, type ChannelLogsPort } from '../fanout/channelLogs.ts'
import type { Outgoing } from '../fanout/outgoing.ts'
import type { LiveChannel } from '../fanout/session.ts'
import type { HubApi, PushAnswer } from './contract.ts'

/** Channels that nobody watches; beyond, the one left first is let go, so that hopping viewers cannot fill a relay. */
export const MAX_LINGERING = 64
/** Channels without a frame: each is a call every 30 s, and anybody can think of one. */
export const MAX_WAITING = 256

/** `unknown`: it has no frame, and too many are waited for already. */
export type JoinOutcome = LiveChannel | 'unknown' | 'unreachable'

export interface RelayChannelsPort extends Pick<ChannelLogsPort, 'after'> {
  /** A new stub per call, because one that has thrown stays broken. */
  hub(symbol: string): HubApi
  /** At which somebody has the channel; none when nobody does. */
  cadences(channel: string): readonly number[]
  /** The newest frame of a channel's log at a cadence. */
  published(frame: Outgoing, log: ChannelLog, everyMs: number, nowMs: number): void
  feedChanged(channel: string, feed: FeedKind): void
  joined(channel: string, outcome: JoinOutcome): void
  failed(channel: string, error: unknown): void
}

export class RelayChannels {
  readonly #relay: string
  readonly #port: RelayChannelsPort
  readonly #live = new Map<string, LiveChannel>()
  /** Since when nobody watches them, first left first. */
  readonly #unwatchedMs = new Map<string, number>()
  readonly #joining = new Map<string, Promise<JoinOutcome>>()

  constructor(relay: string, port: RelayChannelsPort) {
    this.#relay = relay
    this.#port = port
  }

  /** Whether there are channels to be kept although nobody watches them. */
  get isLingering(): boolean {
    return this.#unwatchedMs.size > 0
  }

  live(channel: string): LiveChannel | null {
    return this.#live.get(channel) ?? null
  }

  join(channel: string, now: () => number): Promise<JoinOutcome> {
    const joining = this.#joining.get(channel) ?? this.#join(channel, now)
    this.#joining.set(channel, joining)
    return joining
  }

  /** @throws StreamDecodeError */
  push(channel: string, bytes: Uint8Array, nowMs: number): PushAnswer {
    if (!this.#joining.has(channel) && !this.#isKept(channel, nowMs)) return 'left'
    return this.#receive(channel, bytes, nowMs)
  }

  /** Keeps the relay's place at the hubs of these channels and of those that linger. */
  async renew(watched: readonly string[], nowMs: number): Promise<void> {
    const kept = [...this.#live.keys()].filter((channel) => this.#isKept(channel, nowMs))
    const renewed = [...new Set([...watched, ...kept])].map(async (channel) => {
      try {
        const isKnown = await this.#port.hub(symbolOf(channel)).renewStream(this.#relay)
        // A relay that was asleep does not know how many it waits for.
        if (!isKnown) this.#wait(channel)
      } catch (error) {
        this.#port.failed(channel, error)
      }
    })
    await Promise.all(renewed)
  }

  async #join(channel: string, now: () => number): Promise<JoinOutcome> {
    const outcome = await this.#ask(channel, now)
    this.#joining.delete(channel)
    this.#port.joined(channel, outcome)
    return outcome
  }

  async #ask(channel: string, now: () => number): Promise<JoinOutcome> {
    try {
      const joined = await this.#port.hub(symbolOf(channel)).joinStream(this.#relay)
      if (joined === null) return this.#wait(channel)
      // A push may have been faster; then this one is old.
      this.#receive(channel, joined.snapshot, now())
      return this.#live.get(channel) ?? 'unreachable'
    } catch (error) {
      this.#port.failed(channel, error)
      return 'unreachable'
    }
  }

  /** For the hub's first frame. */
  #wait(channel: string): LiveChannel | 'unknown' {
    // A push may have been faster.
    const live = this.#live.get(channel)
    if (live !== undefined) return live
    const waiting = [...this.#live.values()].filter(({ logs }) => logs.full.frame === null).length
    if (waiting >= MAX_WAITING) return 'unknown'
    const empty = { logs: this.#newLogs(channel), feed: null }
    this.#live.set(channel, empty)
    return empty
  }

  #isKept(channel: string, nowMs: number): boolean {
    if (this.#port.cadences(channel).length > 0) {
      this.#unwatchedMs.delete(channel)
      return true
    }
    const sinceMs = this.#unwatchedMs.get(channel) ?? nowMs
    const hasFrames = (this.#live.get(channel)?.logs.full.frame ?? null) !== null
    if (!hasFrames || nowMs - sinceMs >= RESUME.ms) {
      this.#letGo(channel)
      return false
    }
    this.#unwatchedMs.set(channel, sinceMs)
    const [first] = this.#unwatchedMs.keys()
    if (this.#unwatchedMs.size > MAX_LINGERING && first !== undefined) this.#letGo(first)
    return true
  }

  #letGo(channel: string): void {
    this.#live.delete(channel)
    this.#unwatchedMs.delete(channel)
  }

  #receive(channel: string, bytes: Uint8Array, nowMs: number): PushAnswer {
    const known = this.#live.get(channel)
    const logs = known?.logs ?? this.#newLogs(channel)
    const { full } = logs
    const frame = full.receive(decodeStreamFrame(bytes), bytes, nowMs)
    if (frame === 'unfit' || full.frame === null) return 'wantsSnapshot'
    if (frame === 'old') return 'held'
    const live = { logs, feed: full.frame.feed }
    this.#live.set(channel, live)
    // A relay that was asleep does not know of what kind the feed was.
    if (known?.feed !== live.feed) this.#port.feedChanged(channel, live.feed)
    this.#port.published(frame, full, EVERY_FRAME, nowMs)
    logs.advanced(this.#port.cadences(channel), nowMs)
    return 'held'
  }

  #newLogs(channel: string): ChannelLogs {
    const logs: ChannelLogs = new ChannelLogs(channel, {
      after: (delayMs, run) => this.#port.after(delayMs, run),
      thinned: (frame, log, everyMs, nowMs) => {
        // A timer may be of before the channel was let go.
        if (this.#live.get(channel)?.logs === logs) this.#port.published(frame, log, everyMs, nowMs)
      },
    })
    return logs
  }
}

function symbolOf(channel: string): string {
  const symbol = symbolOfChannel(channel)
  if (symbol === null) throw new Error(`expected a channel, was ${channel}`)
  return symbol
}
