/** Names and limits of the stream that server and client must agree on. Milliseconds, bytes and counts. */

export const PROTOCOL_VERSION = 1

/** `/ws/v1`: control messages, snapshots and deltas; with `binary` only the last two are binary. */
export const STREAM_SUBPROTOCOLS = { json: 'flipwire.v1.json', binary: 'flipwire.v1.binary' } as const
/** `/ws/gamma-compact/{symbol}`: one whole frame per cycle. */
export const SUBPROTOCOL_JSON = 'flipwire.gamma.v1.json'
export const SUBPROTOCOL_BINARY = 'flipwire.gamma.v1.binary'
/** A token may come as a sub-protocol of this prefix. It is never echoed. */
export const BEARER_PREFIX = 'bearer.'

/** Answered by the platform without waking the object. */
export const PING_TEXT = 'ping'
export const PONG_TEXT = 'pong'
/** The same with what was read last, on sockets that take nothing else: the sequence of a frame or the time of figures. */
export function readingPing(mark: number): string {
  return `${PING_TEXT} ${mark}`
}
export const READING_PING = /^ping (\d{1,15})$/

export const STREAM_LIMITS = {
  /** A client's message, in UTF-8. */
  messageBytes: 4_096,
  /** Subscribed on one socket. */
  channels: 64,
  controlMessages: 30,
  controlWindowMs: 10_000,
  /** Messages that could not be understood before the socket is closed. */
  badMessages: 3,
  subscribeWithinMs: 5_000,
  /** With frames outstanding. */
  ackWithinMs: 30_000,
  /** Without any ping, on sockets that do not acknowledge. */
  silentMs: 90_000,
  /** Sent there and not known to be read: over 40 s of whole frames as JSON, some minutes in binary. */
  unreadBytes: 4 * 1024 ** 2,
} as const

/** Sent and not acknowledged, per socket; beyond either nothing is sent until the next acknowledgement. */
export const CREDIT = { frames: 64, bytes: 1_048_576 } as const
/**
 * The client acknowledges every so many frames, or after so long with one outstanding: half of the credit and of
 * `ackWithinMs`, because reading one costs a relay two sends.
 */
export const ACK_EVERY = { frames: 32, ms: 15_000 } as const
/** How far back a position may lie to be resumed. */
export const RESUME = { ms: 300_000, frames: 2_000 } as const
/** The client pings this often. */
export const HEARTBEAT_MS = 15_000
