import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GammaFrame } from '#schemas/frame/gamma'
import { applyDelta } from '#schemas/stream/applyDelta'
import { decodeStreamFrame } from '#schemas/stream/decodeBinary'
import { quantise } from '#schemas/stream/quantise'
import { emptyFrame } from '#schemas/stream/snapshot'
import { ChannelLog } from './channelLog.ts'
import type { Outgoing } from './outgoing.ts'

function frameAt(sequence: number, epoch = 3): GammaFrame {
  const frame = emptyFrame('SPX')
  return quantise({ ...frame, epoch, sequence, previous: sequence - 1, spotPrice: 6_000 + sequence / 100 })
}

/** Frames 10 (a snapshot) to 10 + count. */
function logOf(count: number, { everyMs = 0 } = {}, limits = { ms: 1_000, frames: 50 }) {
  const log = new ChannelLog('gamma.SPX', limits)
  for (let i = 0; i <= count; i++) log.publish(frameAt(10 + i), i * everyMs)
  return log
}
const sequences = (frames: readonly Outgoing[] | null) =>
  frames && frames.map(({ position }) => position.sequence)

describe('ChannelLog', () => {
  it('has nothing to go on from before the first frame', () => {
    const log = new ChannelLog('gamma.SPX')
    expect([log.position, log.snapshot(), log.after({ epoch: 0, sequence: 0 }, 0)]).toEqual([
      null,
      null,
      null,
    ])
  })

  it('gives all frames after a position or none', () => {
    const log = logOf(4)
    expect(log.publish(frameAt(15), 0).isSnapshot).toBe(false)
    expect(sequences(log.after({ epoch: 3, sequence: 15 }, 0))).toEqual([])
    expect(sequences(log.after({ epoch: 3, sequence: 10 }, 0))).toEqual([11, 12, 13, 14, 15])
    expect(log.after({ epoch: 3, sequence: 9 }, 0)).toBeNull()
    expect(log.after({ epoch: 3, sequence: 16 }, 0)).toBeNull()
    expect(log.after({ epoch: 2, sequence: 12 }, 0)).toBeNull()
    expect(log.after({ epoch: 4, sequence: 12 }, 0)).toBeNull()
  })

  it('goes on from the newest position however old it is, and from no other that is too old', () => {
    const log = logOf(4)
    expect(sequences(log.after({ epoch: 3, sequence: 13 }, 1_000))).toEqual([14])
    expect(log.after({ epoch: 3, sequence: 13 }, 1_001)).toBeNull()
    expect(sequences(log.after({ epoch: 3, sequence: 14 }, 9e9))).toEqual([])
  })

  it('starts over with a frame of another epoch, or one that follows nothing', () => {
    const log = logOf(4)
    expect(log.publish(frameAt(20), 0).isSnapshot).toBe(true)
    expect(log.after({ epoch: 3, sequence: 14 }, 0)).toBeNull()
    expect(log.publish(frameAt(21, 4), 0).isSnapshot).toBe(true)
    expect(log.position).toEqual({ epoch: 4, sequence: 21 })
  })

  it('gives exactly what its limits allow, and the frames themselves when they are old', () => {
    const shape = fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 300 }), fc.nat(100), fc.nat(420))
    fc.assert(
      fc.property(shape, ([count, frames, everyMs, back]) => {
        const log = logOf(count, { everyMs }, { ms: 1_000, frames })
        const sequence = 10 + count - back
        const held = Math.min(count, frames, everyMs === 0 ? count : Math.floor(1_000 / everyMs) + 1)
        const missed = log.after({ epoch: 3, sequence }, count * everyMs)
        expect(missed !== null).toBe(back <= held)
        let viewer = frameAt(sequence)
        for (const { message } of missed ?? []) {
          const applied = message.type === 'delta' ? applyDelta(viewer, message) : null
          if (!applied?.ok) throw new Error(`expected a delta that fits, was ${JSON.stringify(applied)}`)
          viewer = applied.frame
        }
        expect(viewer.sequence).toBe(missed === null ? sequence : 10 + count)
        expect(missed === null || JSON.stringify(viewer) === JSON.stringify(log.frame)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })
})

describe('a log that receives', () => {
  function pass(frame: Outgoing, to: ChannelLog) {
    return to.receive(decodeStreamFrame(frame.bytes()), frame.bytes(), 0)
  }

  it('holds what the other holds, and gives out the very bytes it got', () => {
    const [hub, relay] = [logOf(0), new ChannelLog('gamma.SPX')]
    const snapshot = hub.snapshot() as Outgoing
    expect(pass(snapshot, relay)).toMatchObject({ isSnapshot: true })
    const delta = hub.publish(frameAt(11), 0)
    const passed = pass(delta, relay) as Outgoing
    expect(relay.frame).toEqual(hub.frame)
    expect(passed.in('binary').data).toBe(delta.bytes())
    expect(JSON.parse(String(passed.in('json').data))).toEqual(JSON.parse(String(delta.in('json').data)))
  })

  it('says what is old and what it cannot use', () => {
    const [hub, relay] = [logOf(0), new ChannelLog('gamma.SPX')]
    const snapshot = hub.snapshot() as Outgoing
    const deltas = [11, 12].map((sequence) => hub.publish(frameAt(sequence), 0))
    expect(pass(deltas[0] as Outgoing, relay)).toBe('unfit')
    pass(snapshot, relay)
    expect(pass(deltas[1] as Outgoing, relay)).toBe('unfit')
    pass(hub.snapshot() as Outgoing, relay)
    expect(pass(snapshot, relay)).toBe('old')
    expect(pass(deltas[1] as Outgoing, relay)).toBe('old')
    expect(relay.position).toEqual({ epoch: 3, sequence: 12 })
    expect(pass(hub.publish(frameAt(1, 4), 0), relay)).toMatchObject({ isSnapshot: true })
  })
})
