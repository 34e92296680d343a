/**
 * Sockets that are told and tell little: that they are there, and what they have read. Everyone of a cadence and
 * encoding gets the same bytes. A reader that stopped is closed when it has not pinged for long, or has too much before it that it is not
 * known to have read.
 */
import type { FeedKind } from '#schemas/feed'
import type { CloseName } from '#schemas/stream/closeCodes'
import { PING_TEXT, PONG_TEXT, READING_PING, STREAM_LIMITS } from '#schemas/stream/protocol'
import { EVERY_FRAME, mayRead, TIER_LIMITS } from '#schemas/tiers'
import { BroadcastLedger } from './BroadcastLedger.ts'
import { attachmentOf, type Attachment } from './caller.ts'
import type { Encoding } from './outgoing.ts'
import { closeSocket, sendTo, takeSocket, type SocketHost } from './sockets.ts'

/** A client that keeps sending is not speaking our protocol. */
const MAX_STRAY_MESSAGES = 3
/**
 * What is not read must not be forgotten with the object's memory. It is written down before it is sent, this much at a
 * time, so that after a sleep nobody has less to its account than it has before it.
 */
const RESERVED_BYTES = 512 * 1024
/** Answers to pings pile up as well. */
const MIN_PING_INTERVAL_MS = 1_000

export type Encoded = (encoding: Encoding) => string | Uint8Array

/** Those of a channel that get the same frames. */
interface Audience {
  readonly channel: string
  readonly everyMs: number
  readonly ledgers: Readonly<Record<Encoding, BroadcastLedger>>
  readonly listeners: Map<WebSocket, Listener>
}

interface Listener {
  attachment: Attachment
  readonly audience: Audience
  readonly ledger: BroadcastLedger
  /** Of the ledger's total. */
  read: number
}

export class ListenerSockets {
  readonly #host: SocketHost
  readonly #tag: string
  readonly #leastEveryMs: number
  /** Null until it is needed; rebuilt from the sockets after hibernation. */
  #listeners: Map<WebSocket, Listener> | null = null
  readonly #audiences = new Map<string, Audience>()

  /** `leastEveryMs`: what is broadcast comes no more often, whatever the tier. */
  constructor(host: SocketHost, tag: string, leastEveryMs: number = EVERY_FRAME) {
    this.#host = host
    this.#tag = tag
    this.#leastEveryMs = leastEveryMs
    host.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING_TEXT, PONG_TEXT))
  }

  get size(): number {
    return this.#all().size
  }

  /**
   * Takes the socket and sends it `greetings`. The Worker remembers for seconds of what kind a feed is; whom it let in
   * by an old memory is told why not and closed.
   */
  accept(
    attachment: Attachment,
    subprotocol: string | null,
    feed: FeedKind,
    greetings: readonly Encoded[],
  ): Response {
    return takeSocket(this.#host, this.#tag, attachment, subprotocol, (socket) => {
      const listener = this.#listener(attachment)
      this.#add(this.#all(), socket, listener)
      if (!mayRead(attachment.tier, 'stream', feed)) return this.#end(socket, 'tierTooLow')
      for (const encoded of greetings) {
        const data = encoded(attachment.encoding)
        listener.read -= data.length
        sendTo(socket, data)
      }
    })
  }

  /**
   * To everyone who has a channel at this cadence, whose token is still good and who reads; the others are closed.
   * Returns how many got it.
   */
  broadcast(channel: string, everyMs: number, mark: number, encoded: Encoded, nowMs: number): number {
    this.#all()
    const audience = this.#audiences.get(audienceKey(channel, everyMs))
    if (audience === undefined) return 0
    let reached = 0
    const totals: Partial<Record<Encoding, number>> = {}
    for (const [socket, listener] of audience.listeners) {
      const { encoding, expiresAtMs, unreadBytes = 0 } = listener.attachment
      const data = encoded(encoding)
      const total = (totals[encoding] ??= audience.ledgers[encoding].sent(mark, data.length))
      const unread = total - listener.read
      if (expiresAtMs <= nowMs) this.#end(socket, 'unauthorized')
      else if (unread > STREAM_LIMITS.unreadBytes) this.#end(socket, 'slow')
      else {
        if (unread > unreadBytes) this.#remember(socket, listener, { unreadBytes: unread + RESERVED_BYTES })
        sendTo(socket, data)
        reached++
      }
    }
    return reached
  }

  /** The channel is of another kind of feed than it was. */
  feedChanged(channel: string, feed: FeedKind): void {
    for (const [socket, { attachment }] of this.#all()) {
      const { channels, tier } = attachment
      if (channels[0] === channel && !mayRead(tier, 'stream', feed)) this.#end(socket, 'tierTooLow')
    }
  }

  hasListeners(channel: string): boolean {
    return this.cadences(channel).length > 0
  }

  /** At which its listeners have a channel. */
  cadences(channel: string): readonly number[] {
    this.#all()
    const cadences: number[] = []
    for (const { listeners, ...audience } of this.#audiences.values()) {
      if (audience.channel === channel && listeners.size > 0) cadences.push(audience.everyMs)
    }
    return cadences
  }

  /** At which a caller gets what is broadcast. */
  cadenceOf({ tier }: Pick<Attachment, 'tier'>): number {
    return Math.max(this.#leastEveryMs, TIER_LIMITS[tier].frameEveryMs)
  }

  get channels(): readonly string[] {
    return [...new Set([...this.#all().values()].flatMap(({ attachment }) => attachment.channels))]
  }

  owns(socket: WebSocket): boolean {
    return this.#host.getTags(socket).includes(this.#tag)
  }

  /** Any message but the bare ping, which never arrives here. */
  receive(socket: WebSocket, data: string | ArrayBuffer, nowMs: number): void {
    const listener = this.#all().get(socket)
    if (listener === undefined) return
    const mark = typeof data === 'string' ? READING_PING.exec(data)?.[1] : undefined
    if (mark !== undefined) return this.#hasRead(socket, listener, Number(mark), nowMs)
    const strayMessages = listener.attachment.strayMessages + 1
    if (strayMessages >= MAX_STRAY_MESSAGES) this.#end(socket, 'badMessage')
    else this.#remember(socket, listener, { strayMessages })
  }

  forget(socket: WebSocket): void {
    const listener = this.#all().get(socket)
    if (listener === undefined) return
    const { channel, everyMs, listeners } = listener.audience
    this.#all().delete(socket)
    listeners.delete(socket)
    if (listeners.size === 0) this.#audiences.delete(audienceKey(channel, everyMs))
  }

  /** Closes who is silent or has an old token; returns when to look again, null without listeners. */
  sweep(nowMs: number): number | null {
    let next: number | null = null
    for (const [socket, { attachment }] of this.#all()) {
      const { expiresAtMs, connectedMs, heardMs = connectedMs } = attachment
      const pingedMs = this.#host.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0
      const silentMs = Math.max(heardMs, pingedMs) + STREAM_LIMITS.silentMs
      const deadlineMs = Math.min(expiresAtMs, silentMs)
      if (deadlineMs > nowMs) next = Math.min(next ?? deadlineMs, deadlineMs)
      else this.#end(socket, expiresAtMs <= nowMs ? 'unauthorized' : 'slow')
    }
    return next
  }

  /** A mark that is not known, as of before the object slept, says only that somebody is there. */
  #hasRead(socket: WebSocket, listener: Listener, mark: number, nowMs: number): void {
    const { heardMs } = listener.attachment
    if (heardMs !== undefined && nowMs - heardMs < MIN_PING_INTERVAL_MS) return
    listener.read = Math.max(listener.read, listener.ledger.totalAt(mark) ?? listener.read)
    const unreadBytes = listener.ledger.total - listener.read + RESERVED_BYTES
    this.#remember(socket, listener, { heardMs: nowMs, unreadBytes })
    sendTo(socket, PONG_TEXT)
  }

  #remember(socket: WebSocket, listener: Listener, news: Partial<Attachment>): void {
    listener.attachment = { ...listener.attachment, ...news }
    socket.serializeAttachment(listener.attachment)
  }

  #add(all: Map<WebSocket, Listener>, socket: WebSocket, listener: Listener): void {
    all.set(socket, listener)
    listener.audience.listeners.set(socket, listener)
  }

  #listener(attachment: Attachment): Listener {
    const { channels, encoding, unreadBytes = 0 } = attachment
    const audience = this.#audience(channels[0] ?? '', this.cadenceOf(attachment))
    const ledger = audience.ledgers[encoding]
    return { attachment, audience, ledger, read: ledger.total - unreadBytes }
  }

  #audience(channel: string, everyMs: number): Audience {
    const key = audienceKey(channel, everyMs)
    const known = this.#audiences.get(key)
    if (known !== undefined) return known
    const ledgers = { json: new BroadcastLedger(), binary: new BroadcastLedger() }
    const audience = { channel, everyMs, ledgers, listeners: new Map() }
    this.#audiences.set(key, audience)
    return audience
  }

  #end(socket: WebSocket, name: CloseName): void {
    this.forget(socket)
    closeSocket(socket, name)
  }

  #all(): Map<WebSocket, Listener> {
    if (this.#listeners !== null) return this.#listeners
    this.#listeners = new Map()
    for (const socket of this.#host.getWebSockets(this.#tag)) {
      if (socket.readyState !== WebSocket.OPEN) continue
      const attachment = attachmentOf(socket)
      if (attachment === null) closeSocket(socket, 'unauthorized')
      else this.#add(this.#listeners, socket, this.#listener(attachment))
    }
    return this.#listeners
  }
}

function audienceKey(channel: string, everyMs: number): string {
  return `${everyMs} ${channel}`
}
