/**
 * The viewers of one symbol, on hibernating sockets. A frame is encoded once per encoding and the same bytes go to
 * everyone. Nothing about a viewer is kept outside its socket's attachment, because memory does not survive
 * hibernation and the attachment does.
 */
import * as v from 'valibot'
import { encodeGammaFrame } from '#schemas/frame/codec'
import type { GammaFrame } from '#schemas/frame/gamma'
import { CLOSE_CODES } from '#schemas/stream/closeCodes'
import { PING_TEXT, PONG_TEXT } from '#schemas/stream/protocol'
import { AttachmentSchema, negotiateEncoding, readCaller, type Attachment, type Encoding } from './caller.ts'

/** More would make a frame late for everyone; further viewers are asked to come back. */
export const MAX_SOCKETS = 6_000
const RETRY_AFTER_SECONDS = 30
/** A stream takes no commands; a client that keeps sending is not speaking our protocol. */
const MAX_STRAY_MESSAGES = 3

/** The part of `DurableObjectState` used here. */
export type SocketHost = Pick<
  DurableObjectState,
  'acceptWebSocket' | 'getWebSockets' | 'setWebSocketAutoResponse'
>

export class Fanout {
  readonly #host: SocketHost
  readonly #maxSockets: number

  constructor(host: SocketHost, maxSockets: number = MAX_SOCKETS) {
    this.#host = host
    this.#maxSockets = maxSockets
    // Answered by the platform, so that keep-alives neither wake the object nor cost anything.
    host.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING_TEXT, PONG_TEXT))
  }

  get size(): number {
    return this.#host.getWebSockets().length
  }

  /** Takes the socket and sends it the newest frame, or answers with the status that says why not. */
  accept(request: Request, newest: GammaFrame | null, nowMs: number): Response {
    if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket')
      return new Response(null, { status: 426 })
    const caller = readCaller(request.headers)
    if (caller === null || caller.expiresAtMs <= nowMs) return new Response(null, { status: 401 })
    if (this.size >= this.#maxSockets) {
      return new Response(null, { status: 503, headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } })
    }
    const { encoding, subprotocol } = negotiateEncoding(request.headers.get('sec-websocket-protocol'))
    const { 0: client, 1: server } = new WebSocketPair()
    const attachment: Attachment = { ...caller, encoding, strayMessages: 0 }
    server.serializeAttachment(attachment)
    this.#host.acceptWebSocket(server)
    if (newest !== null) server.send(encodeFrame(newest, encoding))
    const headers = subprotocol === null ? {} : { 'sec-websocket-protocol': subprotocol }
    return new Response(null, { status: 101, webSocket: client, headers })
  }

  /** Sends the frame to everyone whose token is still good, closes the others and returns how many got it. */
  publish(frame: GammaFrame, nowMs: number): number {
    const encoded = new Map<Encoding, string | Uint8Array>()
    let viewers = 0
    for (const socket of this.#host.getWebSockets()) {
      const attachment = attachmentOf(socket)
      if (attachment === null || attachment.expiresAtMs <= nowMs) {
        closeExpired(socket)
        continue
      }
      const { encoding } = attachment
      const bytes = encoded.get(encoding) ?? encodeFrame(frame, encoding)
      encoded.set(encoding, bytes)
      // A socket that is closing throws; it is being cleaned up already.
      quietly(() => socket.send(bytes))
      viewers += 1
    }
    return viewers
  }

  /** Closes sockets whose token has expired, for a symbol that has nothing to publish. */
  closeExpired(nowMs: number): void {
    for (const socket of this.#host.getWebSockets()) {
      const attachment = attachmentOf(socket)
      if (attachment === null || attachment.expiresAtMs <= nowMs) closeExpired(socket)
    }
  }

  /** When the next token expires; null without viewers. */
  earliestExpiryMs(): number | null {
    let earliest: number | null = null
    for (const socket of this.#host.getWebSockets()) {
      const expiresAtMs = attachmentOf(socket)?.expiresAtMs ?? 0
      if (socket.readyState === WebSocket.OPEN) earliest = Math.min(earliest ?? expiresAtMs, expiresAtMs)
    }
    return earliest
  }

  /** Any message but the keep-alive, which never arrives here. */
  strayMessage(socket: WebSocket): void {
    const attachment = attachmentOf(socket)
    const strayMessages = (attachment?.strayMessages ?? MAX_STRAY_MESSAGES) + 1
    if (attachment === null || strayMessages >= MAX_STRAY_MESSAGES) {
      quietly(() => socket.close(CLOSE_CODES.badMessage, `expected only "${PING_TEXT}"`))
    } else {
      socket.serializeAttachment({ ...attachment, strayMessages } satisfies Attachment)
    }
  }

  /**
   * Answers a close. The runtime does not do it for hibernating sockets (workerd 2026-09, at every compatibility
   * date), and a client whose close is not answered waits for its own timeout.
   */
  answerClose(socket: WebSocket, code: number, reason: string): void {
    // 1005, 1006 and 1015 say how a socket ended and may not be sent.
    const sendable = code === 1005 || code === 1006 || code === 1015 ? 1000 : code
    quietly(() => socket.close(sendable, reason))
  }
}

function encodeFrame(frame: GammaFrame, encoding: Encoding): string | Uint8Array {
  return encoding === 'binary' ? encodeGammaFrame(frame) : JSON.stringify(frame)
}

function attachmentOf(socket: WebSocket): Attachment | null {
  const parsed = v.safeParse(AttachmentSchema, socket.deserializeAttachment())
  return parsed.success ? parsed.output : null
}

function closeExpired(socket: WebSocket): void {
  quietly(() => socket.close(CLOSE_CODES.unauthorized, 'token expired'))
}

function quietly(send: () => void): void {
  try {
    send()
  } catch {
    // The socket is gone; its close event does the rest.
  }
}
