/**
 * The channels a relay has: joined at their hub when the first viewer wants them, fed by the hub's pushes, kept by
 * renewing. A channel that nobody watches is let go with the hub's next push.
 */
import type { FeedKind } from '#schemas/feed'
import { symbolOfChannel } from '#schemas/stream/channel'
import { decodeStreamFrame } from '#schemas/stream/decodeBinary'
import { ChannelLog } from '../fanout/channelLog.ts'
import type { Outgoing } from '../fanout/outgoing.ts'
import type { LiveChannel } from '../fanout/session.ts'
import type { HubApi, PushAnswer } from './contract.ts'

export type JoinOutcome = LiveChannel | 'unknown' | 'unreachable'

export interface RelayChannelsPort {
  /** A new stub per call, because one that has thrown stays broken. */
  hub(symbol: string): HubApi
  isWatched(channel: string): boolean
  published(frame: Outgoing, live: LiveChannel): void
  feedChanged(channel: string, feed: FeedKind): void
  joined(channel: string, outcome: JoinOutcome): void
  failed(channel: string, error: unknown): void
}

export class RelayChannels {
  readonly #relay: string
  readonly #port: RelayChannelsPort
  readonly #live = new Map<string, LiveChannel>()
  readonly #joining = new Map<string, Promise<JoinOutcome>>()

  constructor(relay: string, port: RelayChannelsPort) {
    this.#relay = relay
    this.#port = port
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
    if (!this.#joining.has(channel) && !this.#port.isWatched(channel)) {
      this.#live.delete(channel)
      return 'left'
    }
    return this.#receive(channel, bytes, nowMs)
  }

  /** Keeps the relay's place at the hubs of these channels. */
  async renew(channels: readonly string[]): Promise<void> {
    const renewed = channels.map(async (channel) => {
      try {
        await this.#port.hub(symbolOf(channel)).renewStream(this.#relay)
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
      if (joined === null) return 'unknown'
      // A push may have been faster; then this one is old.
      this.#receive(channel, joined.snapshot, now())
      return this.#live.get(channel) ?? 'unreachable'
    } catch (error) {
      this.#port.failed(channel, error)
      return 'unreachable'
    }
  }

  #receive(channel: string, bytes: Uint8Array, nowMs: number): PushAnswer {
    const known = this.#live.get(channel)
    const log = known?.log ?? new ChannelLog(channel)
    const frame = log.receive(decodeStreamFrame(bytes), bytes, nowMs)
    if (frame === 'unfit' || log.frame === null) return 'wantsSnapshot'
    if (frame === 'old') return 'held'
    const live = { log, feed: log.frame.feed }
    this.#live.set(channel, live)
    // A relay that was asleep does not know of what kind the feed was.
    if (known?.feed !== live.feed) this.#port.feedChanged(channel, live.feed)
    this.#port.published(frame, live)
    return 'held'
  }
}

function symbolOf(channel: string): string {
  const symbol = symbolOfChannel(channel)
  if (symbol === null) throw new Error(`expected a channel, was ${channel}`)
  return symbol
}
