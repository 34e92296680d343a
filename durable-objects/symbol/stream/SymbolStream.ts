/**
 * Where a symbol's frames go: into the log of its channel and from there to the relays; to the sockets of
 * `/ws/gamma-compact` as whole frames; to those of `/ws/greeks` as what changed of the front expiry. Relays get every
 * frame, a socket as many as its tier does.
 */
import type { FeedKind } from '#schemas/feed'
import type { GammaFrame } from '#schemas/frame/gamma'
import { gammaChannel } from '#schemas/stream/channel'
import { STREAM_LIMITS } from '#schemas/stream/protocol'
import { quantise } from '#schemas/stream/quantise'
import { EVERY_FRAME } from '#schemas/tiers'
import {
  COMPACT_SUBPROTOCOLS,
  negotiateEncoding,
  readCaller,
  TEXT_SUBPROTOCOLS,
} from '../../fanout/caller.ts'
import { ChannelLogs } from '../../fanout/channelLogs.ts'
import { compactFrame } from '../../fanout/compactFrame.ts'
import { ListenerSockets, type Encoded } from '../../fanout/ListenerSockets.ts'
import { MAX_SOCKETS, newAttachment, readUpgrade, type SocketHost } from '../../fanout/sockets.ts'
import type { Joined } from '../../relay/contract.ts'
import type { ChainBook } from '../book/chainBook.ts'
import type { Published } from '../views/liveFrame.ts'
import { GREEKS_CADENCE_MS, GreeksFeed, greeksState, type GreeksState } from './greeks/greeksFeed.ts'
import { RelayPusher, type RelayPort } from './relayPusher.ts'

export const GREEKS_PATH = '/ws/greeks/'

/** Viewers go on from a relay's log; a relay from the newest delta or a snapshot. */
const HUB_WINDOW = { ms: Number.POSITIVE_INFINITY, frames: 1 }

export class SymbolStream {
  readonly #host: SocketHost
  readonly #channel: string
  readonly #maxSockets: number
  readonly #logs: ChannelLogs
  readonly #relays: RelayPusher
  readonly #compact: ListenerSockets
  readonly #greeks: ListenerSockets
  readonly #greeksFeeds = new Map<number, GreeksFeed>()
  /** Cadences of greeks that a timer is set for. */
  readonly #greeksWaiting = new Set<number>()
  #greeksState: GreeksState | null = null
  /** Of the last frame; after hibernation nobody knows. */
  #feed: FeedKind | null = null

  /** `relays`: the names saved last. */
  constructor(
    host: SocketHost,
    symbol: string,
    port: RelayPort,
    relays: readonly string[],
    maxSockets: number = MAX_SOCKETS,
  ) {
    this.#host = host
    this.#channel = gammaChannel(symbol)
    this.#maxSockets = maxSockets
    this.#logs = new ChannelLogs(
      this.#channel,
      {
        after: (delayMs, run) => void setTimeout(() => run(Date.now()), delayMs),
        thinned: (_, { frame }, everyMs, nowMs) => frame && this.#tellCompact(frame, everyMs, nowMs),
      },
      HUB_WINDOW,
    )
    this.#relays = new RelayPusher(this.#logs.full, port, relays, Date.now())
    this.#compact = new ListenerSockets(host, 'compact')
    this.#greeks = new ListenerSockets(host, 'greeks', GREEKS_CADENCE_MS)
  }

  /** Whether anybody gets the frames. */
  get isWatched(): boolean {
    return this.#relays.size > 0 || this.#compact.size > 0 || this.#greeks.size > 0
  }

  get relays(): readonly string[] {
    return this.#relays.names
  }

  /** A new frame. The book is the one it was made of. */
  publish(published: Published, book: ChainBook, nowMs: number): void {
    const frame = quantise(published.frame)
    if (frame.feed !== this.#feed) {
      this.#feed = frame.feed
      for (const sockets of [this.#compact, this.#greeks]) sockets.feedChanged(this.#channel, frame.feed)
      this.#greeksFeeds.clear()
      this.#greeksState = null
    }
    this.#logs.full.publish(frame, nowMs)
    this.#relays.published(nowMs)
    this.#tellCompact(frame, EVERY_FRAME, nowMs)
    this.#logs.advanced(this.#compact.cadences(this.#channel), nowMs)
    if (!this.#greeks.hasListeners(this.#channel)) return
    this.#greeksState = greeksState(book, published)
    for (const everyMs of this.#greeks.cadences(this.#channel)) this.#tellGreeks(everyMs, nowMs)
  }

  /** Takes the socket and tells it where things stand, or answers with the status that says why not. */
  accept(request: Request, current: Published | null, book: ChainBook, nowMs: number): Response {
    const sockets = this.#compact.size + this.#greeks.size
    const upgrade = readUpgrade(this.#host, request, { sockets, maxSockets: this.#maxSockets }, nowMs)
    if (!upgrade.ok) return upgrade.response
    const isGreeks = new URL(request.url).pathname.startsWith(GREEKS_PATH)
    const { encoding, subprotocol } = negotiateEncoding(
      request.headers.get('sec-websocket-protocol'),
      isGreeks ? TEXT_SUBPROTOCOLS : COMPACT_SUBPROTOCOLS,
    )
    const attachment = { ...newAttachment(upgrade.caller, encoding, nowMs), channels: [this.#channel] }
    if (isGreeks) {
      const everyMs = this.#greeks.cadenceOf(upgrade.caller)
      const greetings = current === null ? [] : this.#greetGreeks(everyMs, greeksState(book, current), nowMs)
      return this.#greeks.accept(attachment, subprotocol, book.feed, greetings)
    }
    const { frame } = this.#logs.at(this.#compact.cadenceOf(upgrade.caller), nowMs)
    const greetings = frame === null ? [] : [compactFrame(frame)]
    return this.#compact.accept(attachment, subprotocol, book.feed, greetings)
  }

  receive(socket: WebSocket, data: string | ArrayBuffer, nowMs: number): void {
    this.#compact.receive(socket, data, nowMs)
    this.#greeks.receive(socket, data, nowMs)
  }

  forget(socket: WebSocket): void {
    this.#compact.forget(socket)
    this.#greeks.forget(socket)
  }

  /** Closes sockets whose time is up; returns when to look again, null without sockets. */
  sweep(nowMs: number): number | null {
    const times = [this.#compact.sweep(nowMs), this.#greeks.sweep(nowMs)].filter((ms) => ms !== null)
    return times.length === 0 ? null : Math.min(...times)
  }

  /** Null while there is no frame; the first is pushed. */
  join(relay: string, nowMs: number): Joined | null {
    const { full } = this.#logs
    const { frame, position } = full
    const snapshot = full.snapshot()
    this.#relays.join(relay, position, nowMs)
    return frame === null || snapshot === null ? null : { feed: frame.feed, snapshot: snapshot.bytes() }
  }

  renew(relay: string, nowMs: number): void {
    this.#relays.renew(relay, nowMs)
  }

  #tellCompact(frame: GammaFrame, everyMs: number, nowMs: number): void {
    this.#compact.broadcast(this.#channel, everyMs, frame.sequence, compactFrame(frame), nowMs)
  }

  /** What those who are there know, so that nobody gets more by coming again and again; they are told the rest in time. */
  #greetGreeks(everyMs: number, state: GreeksState, nowMs: number): Encoded[] {
    this.#greeksState = state
    this.#tellGreeks(everyMs, nowMs)
    const told = this.#greeksFeeds.get(everyMs)?.told ?? []
    return told.map((text) => () => text)
  }

  #tellGreeks(everyMs: number, nowMs: number): void {
    if (this.#greeksWaiting.has(everyMs) || this.#greeksState === null) return
    const feed = this.#greeksFeeds.get(everyMs) ?? new GreeksFeed(everyMs)
    this.#greeksFeeds.set(everyMs, feed)
    const delayMs = feed.delayMs(nowMs)
    if (delayMs > 0) {
      this.#greeksWaiting.add(everyMs)
      setTimeout(() => {
        this.#greeksWaiting.delete(everyMs)
        this.#tellGreeks(everyMs, Date.now())
      }, delayMs)
      return
    }
    const { asOfMs } = this.#greeksState
    for (const text of feed.tell(this.#greeksState, nowMs)) {
      this.#greeks.broadcast(this.#channel, everyMs, asOfMs, () => text, nowMs)
    }
  }
}

/** When a socket that was just taken may be silent or have an old token, whichever is first. */
export function firstSweepMs(headers: Headers, nowMs: number): number {
  return Math.min(
    nowMs + STREAM_LIMITS.silentMs,
    readCaller(headers)?.expiresAtMs ?? Number.POSITIVE_INFINITY,
  )
}
