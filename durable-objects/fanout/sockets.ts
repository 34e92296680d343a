/** What every kind of socket needs: taking one, answering and ending it, on the platform's hibernating sockets. */
import { CLOSE_CODES, CLOSE_TABLE, type CloseName } from '#schemas/stream/closeCodes'
import { TIER_LIMITS } from '#schemas/tiers'
import { readCaller, type Attachment, type Caller } from './caller.ts'

/** The part of `DurableObjectState` used here. */
export type SocketHost = Pick<
  DurableObjectState,
  | 'acceptWebSocket'
  | 'getWebSockets'
  | 'setWebSocketAutoResponse'
  | 'getWebSocketAutoResponseTimestamp'
  | 'getTags'
>

/** Of one object; more would make a frame late for everyone. Further viewers are asked to come back. */
export const MAX_SOCKETS = 6_000
const RETRY_AFTER_SECONDS = 30

/** Who wants a socket, or the answer that says why it does not get one. */
export function readUpgrade(
  host: SocketHost,
  request: Request,
  { sockets, maxSockets }: { readonly sockets: number; readonly maxSockets: number },
  nowMs: number,
) {
  if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket') return refuse(426)
  const caller = readCaller(request.headers)
  if (caller === null || caller.expiresAtMs <= nowMs) return refuse(401)
  if (sockets >= maxSockets) return refuse(503, { 'retry-after': String(RETRY_AFTER_SECONDS) })
  if (hasAllSockets(host, caller)) return refuse(429, { 'retry-after': String(RETRY_AFTER_SECONDS) })
  return { ok: true, caller } as const
}

/** Kept from one caller's taking all the room. Asks the platform, which is dear for thousands and cheap for a few. */
function hasAllSockets(host: SocketHost, caller: Caller): boolean {
  const limit = TIER_LIMITS[caller.tier].sockets
  return limit !== Infinity && host.getWebSockets(callerTag(caller)).length >= limit
}

export function callerTag({ subject }: Pick<Caller, 'subject'>): string {
  return `caller:${subject}`
}

function refuse(status: number, headers: Record<string, string> = {}) {
  return { ok: false, response: new Response(null, { status, headers }) } as const
}

/** Takes the socket; `greet` may send on it before the client hears that it was taken. */
export function takeSocket(
  host: SocketHost,
  tag: string,
  attachment: Attachment,
  subprotocol: string | null,
  greet: (socket: WebSocket) => void,
): Response {
  const { 0: client, 1: server } = new WebSocketPair()
  server.serializeAttachment(attachment)
  host.acceptWebSocket(server, [tag, callerTag(attachment)])
  greet(server)
  const headers = subprotocol === null ? {} : { 'sec-websocket-protocol': subprotocol }
  return new Response(null, { status: 101, webSocket: client, headers })
}

export function newAttachment(caller: Caller, encoding: Attachment['encoding'], nowMs: number): Attachment {
  return { ...caller, encoding, connectedMs: nowMs, channels: [], strayMessages: 0 }
}

export function sendTo(socket: WebSocket, data: string | Uint8Array): void {
  try {
    socket.send(data)
  } catch {
    // It is closing, and being cleaned up already.
  }
}

export function closeSocket(
  socket: WebSocket,
  name: CloseName,
  reason: string = CLOSE_TABLE[name].meaning,
): void {
  end(socket, CLOSE_CODES[name], reason)
}

/**
 * Answers a close. The runtime does not do it for hibernating sockets (workerd 2026-09, at every compatibility
 * date), and a client whose close is not answered waits for its own timeout.
 */
export function answerClose(socket: WebSocket, code: number, reason: string): void {
  // 1005, 1006 and 1015 say how a socket ended and may not be sent.
  end(socket, code === 1005 || code === 1006 || code === 1015 ? 1000 : code, reason)
}

function end(socket: WebSocket, code: number, reason: string): void {
  try {
    socket.close(code, reason)
  } catch {
    // It has ended already.
  }
}
