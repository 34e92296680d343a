/**
 * Sockets that are told and tell nothing: no acknowledgements, so a reader that stopped is known only by its missing
 * pings. Everyone of an encoding gets the same bytes; all there is to know of a socket is in its attachment.
 */
import type { FeedKind } from '#schemas/feed'
import type { CloseName } from '#schemas/stream/closeCodes'
import { PING_TEXT, PONG_TEXT, STREAM_LIMITS } from '#schemas/stream/protocol'
import { mayRead } from '#schemas/tiers'
import { attachmentOf, type Attachment } from './caller.ts'
import type { Encoding } from './outgoing.ts'
import { closeSocket, sendTo, takeSocket, type SocketHost } from './sockets.ts'

/** A client that keeps sending is not speaking our protocol. */
const MAX_STRAY_MESSAGES = 3

export type Encoded = (encoding: Encoding) => string | Uint8Array

export class ListenerSockets {
  readonly #host: SocketHost
  readonly #tag: string
  /** Null until it is needed; rebuilt from the sockets after hibernation. */
  #listeners: Map<WebSocket, Attachment> | null = null

  constructor(host: SocketHost, tag: string) {
    this.#host = host
    this.#tag = tag
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
      this.#all().set(socket, attachment)
      if (!mayRead(attachment.tier, 'stream', feed)) return this.#end(socket, 'tierTooLow')
      for (const encoded of greetings) sendTo(socket, encoded(attachment.encoding))
    })
  }

  /** To everyone of a channel whose token is still good; the others are closed. Returns how many got it. */
  broadcast(channel: string, encoded: Encoded, nowMs: number): number {
    let reached = 0
    for (const [socket, { channels, encoding, expiresAtMs }] of this.#all()) {
      if (channels[0] !== channel) continue
      if (expiresAtMs <= nowMs) this.#end(socket, 'unauthorized')
      else {
        sendTo(socket, encoded(encoding))
        reached++
      }
    }
    return reached
  }

  /** The channel is of another kind of feed than it was. */
  feedChanged(channel: string, feed: FeedKind): void {
    for (const [socket, { channels, tier }] of this.#all()) {
      if (channels[0] === channel && !mayRead(tier, 'stream', feed)) this.#end(socket, 'tierTooLow')
    }
  }

  hasListeners(channel: string): boolean {
    for (const { channels } of this.#all().values()) if (channels[0] === channel) return true
    return false
  }

  get channels(): readonly string[] {
    return [...new Set([...this.#all().values()].flatMap(({ channels }) => channels))]
  }

  owns(socket: WebSocket): boolean {
    return this.#host.getTags(socket).includes(this.#tag)
  }

  /** Any message but the ping, which never arrives here. */
  stray(socket: WebSocket): void {
    const attachment = this.#all().get(socket)
    if (attachment === undefined) return
    const strayMessages = attachment.strayMessages + 1
    if (strayMessages >= MAX_STRAY_MESSAGES) return this.#end(socket, 'badMessage')
    const counted = { ...attachment, strayMessages }
    this.#all().set(socket, counted)
    socket.serializeAttachment(counted)
  }

  forget(socket: WebSocket): void {
    this.#all().delete(socket)
  }

  /** Closes who is silent or has an old token; returns when to look again, null without listeners. */
  sweep(nowMs: number): number | null {
    let next: number | null = null
    for (const [socket, { expiresAtMs, connectedMs }] of this.#all()) {
      const pingedMs = this.#host.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0
      const silentMs = Math.max(connectedMs, pingedMs) + STREAM_LIMITS.silentMs
      const deadlineMs = Math.min(expiresAtMs, silentMs)
      if (deadlineMs > nowMs) next = Math.min(next ?? deadlineMs, deadlineMs)
      else this.#end(socket, expiresAtMs <= nowMs ? 'unauthorized' : 'slow')
    }
    return next
  }

  #end(socket: WebSocket, name: CloseName): void {
    this.forget(socket)
    closeSocket(socket, name)
  }

  #all(): Map<WebSocket, Attachment> {
    if (this.#listeners !== null) return this.#listeners
    this.#listeners = new Map()
    for (const socket of this.#host.getWebSockets(this.#tag)) {
      const attachment = attachmentOf(socket)
      if (attachment === null) closeSocket(socket, 'unauthorized')
      else this.#listeners.set(socket, attachment)
    }
    return this.#listeners
  }
}
