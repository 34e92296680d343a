import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from '#schemas/binary/crc32'
import { emptyFlow } from '#quant/flow/flowState'
import { stateHash } from '../book/stateHash.ts'
import { checkpointOf, emptyState, restoreState } from '../state.ts'
import {
  CONTRACTS,
  cut,
  deliver,
  encoded,
  NOW_MS,
  openingTicks,
  quote,
  stateAfter,
  trade,
  underlying,
} from '../testkit.ts'
import { CheckpointError, decodeCheckpoint } from './checkpoint.ts'
import { CHECKPOINT_VERSION_1 } from './checkpointVersion1.testkit.ts'

const TICKS = [...openingTicks(), trade(3, 4.5, 7), quote(1, null, 0.05, NOW_MS + 1)]

function opened() {
  const state = stateAfter(cut(TICKS, [20, 60]))
  state.timeline.offer({ asOfMs: NOW_MS, spot: 6_000, netGex: -1.5e9, nearestFlip: Number.NaN })
  return state
}

describe('checkpoint', () => {
  it('brings back the whole state', async () => {
    const state = opened()
    const restored = restoreState(checkpointOf(state), [])
    expect(await stateHash(restored.book)).toBe(await stateHash(state.book))
    expect(restored.positions).toEqual(state.positions)
    expect(restored.timeline.samples()).toEqual(state.timeline.samples())
    const { columns: _, ...plain } = state.book
    expect(restored.book).toMatchObject(plain)
  })

  it('brings back an object that has seen nothing', () => {
    expect(restoreState(null, [])).toEqual(emptyState())
    expect(restoreState(checkpointOf(emptyState()), []).positions).toEqual(emptyState().positions)
  })

  it('lets the stream go on where it was, ids and capacity included', async () => {
    const state = opened()
    const restored = restoreState(checkpointOf(state), [])
    const next = encoded({ sequence: 4 }, [trade(3, 4.7, 1, NOW_MS + 2)])
    expect(deliver(restored, next)).toEqual(deliver(state, next))
    expect(await stateHash(restored.book)).toBe(await stateHash(state.book))
  })

  it('and tail together are the state, wherever the checkpoint was taken', async () => {
    const batches = cut(TICKS, [5, 30, 45, 70])
    const expected = await stateHash(stateAfter(batches).book)
    for (let taken = 0; taken <= batches.length; taken++) {
      const checkpoint = checkpointOf(stateAfter(batches.slice(0, taken)))
      const restored = restoreState(checkpoint, batches.slice(taken))
      // oxlint-disable-next-line no-await-in-loop -- few
      expect(await stateHash(restored.book)).toBe(expected)
    }
  })

  it('is refused when any bit of it is wrong', () => {
    const bytes = checkpointOf(opened())
    fc.assert(
      fc.property(fc.nat({ max: 8 * bytes.length - 1 }), (bit) => {
        const flipped = bytes.slice()
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(() => decodeCheckpoint(flipped)).toThrow(CheckpointError)
      }),
      { numRuns: 300 },
    )
    expect(() => decodeCheckpoint(bytes.slice(0, -1))).toThrow(CheckpointError)
    expect(() => decodeCheckpoint(new Uint8Array(3))).toThrow(CheckpointError)
  })

  it('of version 1 is still read: nothing is known of flow, everything else is there', async () => {
    const ticks = [
      ...CONTRACTS.slice(0, 3),
      quote(1, 201.5, 202.5),
      quote(3, 101, null),
      trade(1, 202.5, 7, NOW_MS + 5),
      { kind: 'openInterest' as const, contractId: 1, openInterest: 500, tradeDate: '2035-11-15' },
      underlying(6_000),
    ]
    const restored = restoreState(CHECKPOINT_VERSION_1, [])
    expect(await stateHash(restored.book)).toBe(await stateHash(stateAfter([encoded({}, ticks)]).book))
    expect(restored.book.flow).toEqual(emptyFlow())
    const { signedFlow, unclassifiedFlow } = restored.book.columns
    expect([...signedFlow.slice(0, 3), ...unclassifiedFlow.slice(0, 3)]).toEqual([NaN, NaN, NaN, 0, 0, 0])
    const sample = { asOfMs: NOW_MS, spot: 6_000, netGex: -1.5e9, nearestFlip: Number.NaN }
    expect(restored.timeline.samples()).toEqual([sample])

    const next = encoded({ sequence: 2 }, [quote(1, 201, 203, NOW_MS + 6), trade(1, 203, 10, NOW_MS + 7)])
    expect(deliver(restored, next)).toMatchObject({ ok: true, status: 'applied' })
    expect(restored.book.columns.signedFlow[0]).toBeCloseTo(7, 10)
    expect(restoreState(checkpointOf(restored), []).book.flow).toEqual(restored.book.flow)
  })

  it('of a version we do not know is refused by name', () => {
    const bytes = checkpointOf(opened())
    const view = new DataView(bytes.buffer)
    view.setUint32(4, 99, true)
    view.setUint32(12, crc32(bytes.subarray(16)), true)
    expect(() => decodeCheckpoint(bytes)).toThrow('expected version 2 or an older known one, was 99')
  })

  it('does not accept a tail that does not belong to it', () => {
    expect(() => restoreState(null, [encoded({ sequence: 2 }, [trade(1, 1, 1)])])).toThrow('tail batch')
    expect(() => restoreState(null, [new Uint8Array(5)])).toThrow('tail batch')
  })
})
