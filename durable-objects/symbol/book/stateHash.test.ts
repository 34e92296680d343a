import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBatch } from '#schemas/ingest/codec'
import type { Tick } from '#schemas/tick'
import { emptyState } from '../state.ts'
import {
  batchOf,
  CONTRACTS,
  cut,
  deliver,
  modelQuotes,
  NOW_MS,
  openingTicks,
  quote,
  SPOT,
  stateAfter,
  trade,
  underlying,
} from '../testkit.ts'
import { dropSettledRows } from './epoch.ts'
import { stateHash } from './stateHash.ts'

const TICKS: readonly Tick[] = [
  ...openingTicks(),
  ...modelQuotes(NOW_MS + 1_000, SPOT + 7),
  quote(2, 9, 8, NOW_MS + 1_001),
  trade(3, 4.5, 7, NOW_MS + 1_100),
  trade(3, 4.6, 2, NOW_MS + 1_200),
  underlying(SPOT + 7, NOW_MS + 1_000),
]

const hashAfter = (batches: readonly Uint8Array[]) => stateHash(stateAfter(batches).book)

describe('stateHash', () => {
  it('is the same however a stream is cut and however often its batches come', async () => {
    const expected = await hashAfter(cut(TICKS, []))
    const property = fc.asyncProperty(
      fc.array(fc.nat(), { maxLength: 8 }),
      fc.array(fc.nat({ max: 20 }), { maxLength: 40 }),
      async (places, resent) => {
        const batches = cut(TICKS, places)
        const state = emptyState()
        for (const [i, bytes] of batches.entries()) {
          deliver(state, bytes)
          for (const again of resent) deliver(state, batches[again % (i + 1)] ?? bytes)
        }
        expect(await stateHash(state.book)).toBe(expected)
      },
    )
    await fc.assert(property, { numRuns: 60 })
  })

  it('is the same in whatever order contracts are defined and whatever ids they get', async () => {
    const expected = await hashAfter(cut(TICKS, []))
    const order = fc.shuffledSubarray([...CONTRACTS], { minLength: CONTRACTS.length })
    const property = fc.asyncProperty(
      order,
      fc.integer({ min: 0, max: 1_000_000 }),
      async (contracts, shift) => {
        const shuffled = [...contracts, ...TICKS.filter(({ kind }) => kind !== 'contract')]
        const renamed = shuffled.map((tick) =>
          'contractId' in tick ? { ...tick, contractId: tick.contractId + shift } : tick,
        )
        expect(await hashAfter(cut(renamed, [50]))).toBe(expected)
      },
    )
    await fc.assert(property, { numRuns: 30 })
  })

  it.each<[string, Tick]>([
    ['a quote', quote(1, 3, 4, NOW_MS + 5_000)],
    [
      'the time of a quote',
      { ...(modelQuotes(NOW_MS + 1_000, SPOT + 7)[0] as Tick), eventMs: NOW_MS + 1_001 } as Tick,
    ],
    ['a print', trade(3, 4.6, 1, NOW_MS + 1_200)],
    ['open interest', { kind: 'openInterest', contractId: 1, openInterest: 1, tradeDate: '2035-11-15' }],
    ['spot', underlying(SPOT, NOW_MS + 1_000)],
  ])('changes with %s', async (_, tick) => {
    expect(await hashAfter(cut([...TICKS, tick], []))).not.toBe(await hashAfter(cut(TICKS, [])))
  })

  it('does not change when rows of long settled contracts are let go', async () => {
    const state = stateAfter(cut(TICKS, []))
    const nextWeekMs = NOW_MS + 7 * 86_400_000
    const later = batchOf({ sequence: 2, createdMs: nextWeekMs }, [underlying(SPOT, nextWeekMs)])
    deliver(state, encodeBatch(later))
    const before = await stateHash(state.book)
    expect(dropSettledRows(state.book)).toBe(CONTRACTS.length / 2)
    expect(await stateHash(state.book)).toBe(before)
    expect(dropSettledRows(state.book)).toBe(0)

    const straggler = batchOf({ sequence: 3, createdMs: nextWeekMs }, [quote(1, 1, 2, nextWeekMs)])
    expect(deliver(state, encodeBatch(straggler))).toMatchObject({ ok: true, status: 'applied' })
    expect(await stateHash(state.book)).toBe(before)
  })
})

describe('a damaged batch', () => {
  it('never gets in and never throws, whichever bit is flipped and wherever it is cut', async () => {
    const bytes = encodeBatch(batchOf({ sequence: 2 }, [trade(1, 5, 5), quote(2, 1, 2, NOW_MS + 9_000)]))
    const state = stateAfter(cut(TICKS, []))
    const before = await stateHash(state.book)
    fc.assert(
      fc.property(fc.nat({ max: 8 * bytes.length - 1 }), (bit) => {
        const flipped = bytes.slice()
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(deliver(state, flipped).ok).toBe(false)
      }),
      { numRuns: 2_000 },
    )
    for (let length = 0; length < bytes.length; length++) {
      expect(deliver(state, bytes.slice(0, length)).ok).toBe(false)
    }
    expect(await stateHash(state.book)).toBe(before)
  })
})
