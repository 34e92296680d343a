/** The decisions under test. A run may be given broken ones, to see that it notices (`defects.ts`). */
import type { PostResult } from '#bridge/delivery/answer'
import { decideLease } from '#durable-objects/bridge/lease'
import type { ChannelLog } from '#durable-objects/fanout/channelLog'
import type { Outgoing } from '#durable-objects/fanout/outgoing'
import type { Session } from '#durable-objects/fanout/session'
import { admitBatch } from '#durable-objects/symbol/ingest/admitBatch'
import { applyToState, restoreOrBegin } from '#durable-objects/symbol/state'
import { streamEpochAfter } from '#durable-objects/symbol/stream/streamEpoch'

export interface Cores {
  readonly decideLease: typeof decideLease
  readonly admitBatch: typeof admitBatch
  readonly applyToState: typeof applyToState
  readonly restoreOrBegin: typeof restoreOrBegin
  /** Of a symbol's stream in its next life, from the newest one stored. */
  readonly nextStreamEpoch: typeof streamEpochAfter
  /** Hands a frame to one viewer's session; `send` goes around it. */
  readonly publish: (
    session: Session,
    frame: Outgoing,
    log: ChannelLog,
    nowMs: number,
    send: (data: string | Uint8Array) => void,
  ) => void
  /** Whether nothing leaves an object before what it rests on is stored. */
  readonly holdsOutputs: boolean
  /** What a bridge makes of a post that nobody answered. */
  readonly unanswered: PostResult
}

export const CORES: Cores = {
  decideLease,
  admitBatch,
  applyToState,
  restoreOrBegin,
  nextStreamEpoch: streamEpochAfter,
  publish: (session, frame, log, nowMs) => session.publish(frame, log, nowMs),
  holdsOutputs: true,
  unanswered: { kind: 'unavailable', reason: 'timeout', retryAfterMs: null },
}
