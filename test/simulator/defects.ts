/** Cores with one mistake each. Whoever trusts the simulator wants to know that it would notice. */
import { vi } from 'vitest'
import { decideLease } from '#durable-objects/bridge/lease'
import { ChannelLog } from '#durable-objects/fanout/channelLog'
import { Thinning } from '#durable-objects/fanout/thinning'
import { Viewer } from '#durable-objects/fanout/viewer'
import { validateBatch } from '#durable-objects/symbol/book/validateBatch'
import { admitBatch, type Admission } from '#durable-objects/symbol/ingest/admitBatch'
import { applyToState, restoreOrBegin } from '#durable-objects/symbol/state'
import { streamEpochAfter } from '#durable-objects/symbol/stream/streamEpoch'
import type { IngestAccepted, IngestRefused } from '#schemas/ingest/answer'
import { decodeBatch } from '#schemas/ingest/codec'
import type { Cores } from './cores.ts'

export interface Defect {
  readonly name: string
  readonly broken: Partial<Cores>
  /** For what is no core of its own; to be undone with `vi.restoreAllMocks`. */
  readonly patch?: () => void
  /** The promise it breaks. */
  readonly breaks: string
}

export const DEFECTS: readonly Defect[] = [
  {
    name: 'an answer leaves before its batch is stored',
    broken: { holdsOutputs: false },
    breaks: 'what is acknowledged is durable',
  },
  {
    name: 'a bridge takes silence for an acknowledgement',
    broken: {
      unanswered: { kind: 'accepted', position: { epoch: 0, sequence: 0 }, flagged: 0, duplicate: false },
    },
    breaks: 'what is acknowledged is durable',
  },
  {
    name: 'a batch that was sent twice is applied twice',
    broken: { admitBatch: applying((answer) => answer.ok) },
    breaks: 'batches are applied once and in order',
  },
  {
    name: 'a batch is applied although one before it is missing',
    broken: { admitBatch: applying((answer) => !answer.ok && answer.code === 'sequence_gap') },
    breaks: 'batches are applied once and in order',
  },
  {
    name: 'the fence against older epochs is removed',
    broken: { admitBatch: applying((answer) => !answer.ok && answer.code === 'stale_epoch') },
    breaks: 'batches are applied once and in order',
  },
  {
    name: 'a batch is applied without taking note of its position',
    broken: {
      applyToState(state, valid, receivedMs) {
        const { positions } = state
        const applied = applyToState(state, valid, receivedMs)
        if (valid.batch.sequence % 8 === 0) state.positions = positions
        return applied
      },
    },
    breaks: 'batches are applied once and in order',
  },
  {
    name: 'a restart forgets the newest stored batch',
    broken: {
      restoreOrBegin(store, failed) {
        const tail = [...store.readTail()]
        return restoreOrBegin(
          { readCheckpoint: () => store.readCheckpoint(), readTail: () => tail.slice(0, -1) },
          failed,
        )
      },
    },
    breaks: 'the book is what its batches say',
  },
  {
    name: 'the lease is granted without asking who has it',
    broken: {
      decideLease: (state, request, nowMs) => {
        return decideLease(request.op === 'acquire' ? { ...state, holder: null } : state, request, nowMs)
      },
    },
    breaks: 'one holder at a time',
  },
  {
    name: 'the lease forgets its epoch with its holder',
    broken: {
      decideLease: (state, request, nowMs) => {
        const held = state.holder === null || state.untilMs < nowMs ? { ...state, epoch: 0 } : state
        return decideLease(held, request, nowMs)
      },
    },
    breaks: 'epochs rise',
  },
  {
    name: 'the lease is renewed for whoever asks',
    broken: {
      decideLease: (state, request, nowMs) => {
        const decision = decideLease(state, request, nowMs)
        if (request.op !== 'renew' || decision.answer.ok) return decision
        const { holder, epoch } = request
        return { state, answer: decideLease({ ...state, holder, epoch }, request, nowMs).answer }
      },
    },
    breaks: 'only the holder renews',
  },
  {
    name: 'the stream begins again under its old epoch',
    broken: { nextStreamEpoch: (stored, nowMs) => stored ?? streamEpochAfter(null, nowMs) },
    breaks: 'a lost life is retracted by a new epoch',
  },
  {
    name: 'the stream counts its lives from what is stored alone',
    broken: { nextStreamEpoch: (stored) => (stored ?? 0) + 1 },
    breaks: 'a lost life is retracted by a new epoch',
  },
  {
    name: 'a viewer goes on one frame too late',
    broken: {},
    patch: () => {
      const { next } = ChannelLog.prototype
      vi.spyOn(ChannelLog.prototype, 'next').mockImplementation(function (this: ChannelLog, from) {
        const first = next.call(this, from)
        return (first && next.call(this, first.position)) ?? first
      })
    },
    breaks: 'recovered means every frame',
  },
  {
    name: 'a viewer goes on from a position of another epoch',
    broken: {},
    patch: () => {
      const { canResume } = ChannelLog.prototype
      vi.spyOn(ChannelLog.prototype, 'canResume').mockImplementation(function (
        this: ChannelLog,
        from,
        nowMs,
      ) {
        return canResume.call(this, { ...from, epoch: this.position?.epoch ?? 0 }, nowMs)
      })
    },
    breaks: 'recovered means every frame',
  },
  {
    name: 'a viewer goes on from before the window',
    broken: {},
    patch: () => {
      vi.spyOn(ChannelLog.prototype, 'canResume').mockImplementation(function (this: ChannelLog, from) {
        return from.epoch === this.position?.epoch && from.sequence <= this.position.sequence
      })
    },
    breaks: 'recovered means every frame',
  },
  {
    name: 'a frame held back waits for the next one',
    broken: {},
    patch: () => void vi.spyOn(Thinning.prototype, 'dueMs', 'get').mockReturnValue(null),
    breaks: 'the newest frame reaches everybody',
  },
  {
    name: 'every frame is taken for who is to get one in a while',
    broken: {},
    patch: () => void vi.spyOn(Thinning.prototype, 'next').mockImplementation((frame) => frame),
    breaks: 'no more frames than the cadence has room for',
  },
  {
    name: 'a viewer without credit is never brought to the newest',
    broken: {},
    patch: () => void vi.spyOn(Viewer.prototype, 'acknowledge').mockReturnValue('nothing'),
    breaks: 'all is well again once the faults are over',
  },
  {
    name: 'a relay forgets in its sleep that a viewer has not acknowledged',
    broken: {},
    patch: () => void vi.spyOn(Viewer.prototype, 'owe').mockReturnValue(),
    breaks: 'who does not read is closed',
  },
  {
    name: 'frames are sent to a viewer without credit',
    broken: { publish: (_session, frame, _log, _nowMs, send) => send(frame.bytes()) },
    breaks: 'a client sends only what it may',
  },
  {
    name: 'a frame counts as acknowledged once it is sent',
    broken: {
      publish: (session, frame, log, nowMs) => {
        session.publish(frame, log, nowMs)
        const positions = { [frame.channel]: frame.position.sequence }
        session.receive(JSON.stringify({ op: 'ack', positions }), nowMs)
      },
    },
    breaks: 'a slow viewer has no growing queue',
  },
]

/** Applies what should have been answered instead. */
function applying(instead: (answer: IngestAccepted | IngestRefused) => boolean): typeof admitBatch {
  return (state, symbol, bytes): Admission => {
    const admission = admitBatch(state, symbol, bytes)
    if (admission.kind === 'apply' || !instead(admission.answer)) return admission
    const decoded = decodeBatch(bytes)
    const valid = decoded.ok ? validateBatch(state.book, decoded.value) : null
    return valid?.ok ? { kind: 'apply', valid } : admission
  }
}
