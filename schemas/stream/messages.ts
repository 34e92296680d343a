/**
 * Control messages of `/ws/v1`, both ways; always JSON text, also under the binary sub-protocol. Snapshots and deltas
 * are in `snapshot.ts` and `delta.ts`.
 */
import * as v from 'valibot'
import { EVERY_FRAME } from '../tiers.ts'
import { PROTOCOL_VERSION, STREAM_LIMITS } from './protocol.ts'

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const channelName = v.pipe(v.string(), v.minLength(1), v.maxLength(32))
const atMostChannels = <T>(of: (input: T) => number) =>
  v.check<T, string>(
    (input) => of(input) <= STREAM_LIMITS.channels,
    `expected at most ${STREAM_LIMITS.channels} channels`,
  )

/** Where a frame stands. A higher epoch retracts everything shown under a lower one. */
export const PositionSchema = v.object({ epoch: count, sequence: count })
export type Position = v.InferOutput<typeof PositionSchema>

// Client to server.

/** A channel and where to go on from: null, and a snapshot follows, unless both parts of a position are given. */
export interface Subscription {
  readonly channel: string
  readonly from: Position | null
}

const detailedChannels = v.array(
  v.object({ channel: channelName, epoch: v.optional(count), sequence: v.optional(count) }),
)

/** `channels` may also be plain names; then `epoch` and `fromSequence` hold for each of them. */
const SubscribeSchema = v.pipe(
  v.object({
    op: v.literal('subscribe'),
    channels: v.pipe(
      v.union([detailedChannels, v.array(channelName)], 'expected names or {channel, epoch, sequence}'),
      v.minLength(1, 'expected at least one channel'),
      atMostChannels((channels) => channels.length),
    ),
    epoch: v.optional(count),
    fromSequence: v.optional(count),
  }),
  v.transform(({ op, channels, epoch, fromSequence }) => ({
    op,
    channels: channels.map((entry) =>
      typeof entry === 'string'
        ? subscription(entry, epoch, fromSequence)
        : subscription(entry.channel, entry.epoch, entry.sequence),
    ),
  })),
)

function subscription(channel: string, epoch?: number, sequence?: number): Subscription {
  return { channel, from: epoch === undefined || sequence === undefined ? null : { epoch, sequence } }
}

export const ClientMessageSchema = v.variant('op', [
  SubscribeSchema,
  v.object({
    op: v.literal('unsubscribe'),
    channels: v.pipe(
      v.array(channelName),
      v.minLength(1),
      atMostChannels((channels) => channels.length),
    ),
  }),
  v.object({
    op: v.literal('ack'),
    /** The newest sequence of each channel that has been taken in. */
    positions: v.pipe(
      v.record(channelName, count),
      atMostChannels((positions) => Object.keys(positions).length),
    ),
  }),
  /** Answered with `heartbeat`. The bare text `ping` is cheaper and answered `pong`. */
  v.object({ op: v.literal('ping') }),
])
export type ClientMessage = v.InferOutput<typeof ClientMessageSchema>

// Server to client.

/** Always the first message. */
export const HelloSchema = v.object({
  type: v.literal('hello'),
  protocol: v.literal(PROTOCOL_VERSION),
  serverMs: v.number(),
  heartbeatMs: count,
  ackEvery: count,
  credit: v.object({ frames: count, bytes: count }),
  /** The viewer's tier gets one frame in so long; 0, every frame. A version before did not say, and sent every frame. */
  frameEveryMs: v.optional(count, EVERY_FRAME),
  resumeMs: count,
  resumeFrames: count,
  /** A client that loses its socket waits a random part of this before its first try. */
  reconnectSpreadMs: count,
  limits: v.object({
    messageBytes: count,
    channels: count,
    controlMessages: count,
    controlWindowMs: count,
    subscribeWithinMs: count,
    ackWithinMs: count,
  }),
})
export type Hello = v.InferOutput<typeof HelloSchema>

/** Of errors that do not close the socket. */
export const STREAM_ERRORS = [
  'bad_message',
  'unknown_channel',
  'too_many_channels',
  'not_subscribed',
] as const

export const ControlMessageSchema = v.variant('type', [
  HelloSchema,
  /** `recovered`: the frames after the position asked for follow, all of them; otherwise a snapshot does. */
  v.object({
    type: v.literal('subscribed'),
    channel: channelName,
    ...PositionSchema.entries,
    recovered: v.boolean(),
  }),
  v.object({ type: v.literal('unsubscribed'), channel: channelName }),
  v.object({
    type: v.literal('heartbeat'),
    serverMs: v.number(),
    positions: v.record(channelName, PositionSchema),
  }),
  v.object({
    type: v.literal('error'),
    code: v.picklist(STREAM_ERRORS),
    detail: v.string(),
    channel: v.optional(v.string()),
  }),
  /** Before a planned restart: close and come back after this long. */
  v.object({ type: v.literal('reconnect'), delayMs: count }),
])
export type ControlMessage = v.InferOutput<typeof ControlMessageSchema>
