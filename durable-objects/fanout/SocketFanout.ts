/**
 * The viewers of `/ws/v1` on hibernating sockets: sessions on one side, the platform on the other. Memory does not
 * survive hibernation; who a viewer is, which channels it has and what it owes does, in its socket's attachment. A viewer
 * whose session was lost gets a snapshot with the next frame.
 */
import type { FeedKind } from '#schemas/feed'
import type { ControlMessage, Hello } from '#schemas/stream/messages'
import {
  ACK_EVERY,
  CREDIT,
  HEARTBEAT_MS,
  PING_TEXT,
  PONG_TEXT,
  PROTOCOL_VERSION,
  RESUME,
  STREAM_LIMITS,
} from '#schemas/stream/protocol'
import { TIER_LIMITS } from '#schemas/tiers'
import {
  attachmentOf,
  negotiateEncoding,
  NO_DEBTS,
  V1_SUBPROTOCOLS,
  type Attachment,
  type Caller,
} from './caller.ts'
import type { ChannelLog } from './channelLog.ts'
import type { Outgoing } from './outgoing.ts'
import { Session, type LiveChannel, type SessionPort } from './session.ts'
import { ViewersOf } from './viewersOf.ts'
import { closeSocket, newAttachment, sendTo, takeSocket, type SocketHost } from './sockets.ts'

const STREAM_TAG = 'stream'
/** Resumes an object serves a millisecond, measured: a herd of its viewers is asked to spread over as long as that takes. */
const RESUMES_PER_MS = 2

export type FanoutPort = Pick<SessionPort, 'live' | 'join'>

interface Connected {
  readonly socket: WebSocket
  readonly attachment: Attachment
  readonly session: Session
}

export class SocketFanout {
  readonly #host: SocketHost
  readonly #port: FanoutPort
  readonly #connected = new Map<WebSocket, Connected>()
  /** By cadence, so that a frame meets only viewers it is for. */
  readonly #viewersAt = new Map<number, ViewersOf<Connected>>()
  #isRestored = false

  constructor(host: SocketHost, port: FanoutPort) {
    this.#host = host
    this.#port = port
    // Answered by the platform, so that keep-alives neither wake the object nor cost anything.
    host.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING_TEXT, PONG_TEXT))
  }

  get size(): number {
    this.#restoreAll()
    return this.#connected.size
  }

  /** Of all viewers, including those who wait for it to be joined. */
  get channels(): readonly string[] {
    this.#restoreAll()
    return [...new Set([...this.#viewersAt.values()].flatMap((viewers) => viewers.channels))]
  }

  has(channel: string): boolean {
    return this.cadences(channel).length > 0
  }

  /** At which its viewers have a channel. */
  cadences(channel: string): readonly number[] {
    this.#restoreAll()
    const cadences: number[] = []
    for (const [everyMs, viewers] of this.#viewersAt) if (viewers.of(channel).size > 0) cadences.push(everyMs)
    return cadences
  }

  accept(caller: Caller, offered: string | null, nowMs: number): Response {
    const { encoding, subprotocol } = negotiateEncoding(offered, V1_SUBPROTOCOLS)
    const attachment = newAttachment(caller, encoding, nowMs)
    const hello = JSON.stringify(helloTo(caller, this.size, nowMs))
    return takeSocket(this.#host, STREAM_TAG, attachment, subprotocol, (socket) => {
      this.#connect(socket, attachment, (port) => new Session(port, caller, encoding, { connectedMs: nowMs }))
      sendTo(socket, hello)
    })
  }

  receive(socket: WebSocket, data: string | ArrayBuffer, nowMs: number): void {
    // What comes after a close is not heard any more; a session restored for it would be.
    if (socket.readyState === WebSocket.OPEN) this.#sessionOf(socket)?.receive(data, nowMs)
  }

  /** The socket has ended. */
  forget(socket: WebSocket): void {
    const connected = this.#connected.get(socket)
    if (connected === undefined) return
    this.#connected.delete(socket)
    this.#viewersAt.get(connected.session.frameEveryMs)?.set(connected, [])
  }

  /** The answer to `join`. */
  joined(channel: string, outcome: LiveChannel | 'unknown' | 'unreachable', nowMs: number): void {
    for (const { session } of this.#viewers(channel)) session.joined(channel, outcome, nowMs)
  }

  /** The newest frame of a cadence, to everyone who has its channel at that; returns how many that are. */
  publish(frame: Outgoing, log: ChannelLog, everyMs: number, nowMs: number): number {
    this.#restoreAll()
    const viewers = this.#viewersAt.get(everyMs)?.of(frame.channel)
    if (viewers === undefined) return 0
    for (const { session } of viewers) session.publish(frame, log, nowMs)
    return viewers.size
  }

  feedChanged(channel: string, feed: FeedKind): void {
    for (const { session } of this.#viewers(channel)) session.feedChanged(feed)
  }

  /** Before a planned restart. Beside the credit, for who cannot be told more now has to be told this. */
  sendAway(delayMs: number): number {
    this.#restoreAll()
    const text = JSON.stringify({ type: 'reconnect', delayMs } satisfies ControlMessage)
    for (const { socket } of this.#connected.values()) sendTo(socket, text)
    return this.#connected.size
  }

  /** Closes whose time is up; returns when to look again, null without viewers. */
  sweep(nowMs: number): number | null {
    this.#restoreAll()
    let next: number | null = null
    for (const { session } of this.#connected.values()) {
      session.checkDeadline(nowMs)
      if (session.deadlineMs > nowMs) next = Math.min(next ?? session.deadlineMs, session.deadlineMs)
    }
    return next
  }

  /** A copy: what a session does may end it. */
  #viewers(channel: string): readonly Connected[] {
    this.#restoreAll()
    return [...this.#viewersAt.values()].flatMap((viewers) => [...viewers.of(channel)])
  }

  #sessionOf(socket: WebSocket): Session | null {
    const connected = this.#connected.get(socket) ?? this.#restore(socket)
    return connected?.session ?? null
  }

  #restoreAll(): void {
    if (this.#isRestored) return
    this.#isRestored = true
    for (const socket of this.#host.getWebSockets(STREAM_TAG)) {
      if (socket.readyState === WebSocket.OPEN && !this.#connected.has(socket)) this.#restore(socket)
    }
  }

  #restore(socket: WebSocket): Connected | null {
    const attachment = attachmentOf(socket)
    if (attachment === null) {
      closeSocket(socket, 'unauthorized')
      return null
    }
    return this.#connect(socket, attachment, (port) => {
      const { channels, debts = NO_DEBTS } = attachment
      return new Session(port, attachment, attachment.encoding, { restored: { channels, debts } })
    })
  }

  #connect(socket: WebSocket, attachment: Attachment, open: (port: SessionPort) => Session): Connected {
    const connected: Connected = {
      socket,
      attachment,
      session: open({
        send: (data) => sendTo(socket, data),
        close: (name) => {
          this.forget(socket)
          closeSocket(socket, name)
        },
        live: (channel) => this.#port.live(channel),
        join: (channel) => this.#port.join(channel),
        changed: () => this.#remember(connected),
      }),
    }
    this.#connected.set(socket, connected)
    this.#index(connected)
    return connected
  }

  #remember(connected: Connected): void {
    const { socket, attachment, session } = connected
    if (!this.#connected.has(socket)) return
    const channels = [...this.#index(connected)]
    socket.serializeAttachment({ ...attachment, channels, debts: session.debts } satisfies Attachment)
  }

  /** Puts the viewer under each of its channels and no other. */
  #index(connected: Connected): readonly string[] {
    const { channels, frameEveryMs } = connected.session
    const viewers = this.#viewersAt.get(frameEveryMs) ?? new ViewersOf()
    this.#viewersAt.set(frameEveryMs, viewers)
    viewers.set(connected, channels)
    return channels
  }
}

function helloTo({ tier }: Caller, sockets: number, nowMs: number): Hello {
  const { messageBytes, channels, controlMessages, controlWindowMs, subscribeWithinMs, ackWithinMs } =
    STREAM_LIMITS
  return {
    type: 'hello',
    protocol: PROTOCOL_VERSION,
    serverMs: nowMs,
    heartbeatMs: HEARTBEAT_MS,
    ackEvery: ACK_EVERY.frames,
    credit: CREDIT,
    frameEveryMs: TIER_LIMITS[tier].frameEveryMs,
    resumeMs: RESUME.ms,
    resumeFrames: RESUME.frames,
    reconnectSpreadMs: Math.ceil(sockets / RESUMES_PER_MS),
    limits: { messageBytes, channels, controlMessages, controlWindowMs, subscribeWithinMs, ackWithinMs },
  }
}
