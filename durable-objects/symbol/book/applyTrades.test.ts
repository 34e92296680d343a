import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flowRate } from '#quant/flow/flowRate'
import type { BatchHeader } from '#schemas/ingest/batch'
import type { Tick } from '#schemas/tick'
import { checkpointOf, restoreState, type LiveState } from '../state.ts'
import {
  CONTRACTS,
  cut,
  deliver,
  encoded,
  NOW_MS,
  openingTicks,
  quote,
  SPOT,
  stateAfter,
  trade,
  underlying,
} from '../testkit.ts'
import { LiveFrame, type Published } from '../views/liveFrame.ts'
import { stateHash } from './stateHash.ts'

const FIRST = 1
const DAY_MS = 86_400_000
const MULTI_LEG = 232
const CANCEL = 201

function opened(): LiveState {
  return stateAfter([encoded({}, [...openingTicks(), quote(FIRST, 200, 202, NOW_MS)])])
}

const next = (state: LiveState, ticks: readonly Tick[], fields: Partial<BatchHeader> = {}) =>
  deliver(state, encoded({ sequence: 2, ...fields }, ticks))

function flowOf({ book }: LiveState, contractId = FIRST) {
  const row = book.rowOfId.get(contractId) ?? -1
  const { signedFlow, unclassifiedFlow, volume } = book.columns
  return { signed: signedFlow[row], unclassified: unclassifiedFlow[row], volume: volume[row] }
}

function publish(state: LiveState): Published {
  const frames = new LiveFrame('SPX', state, () => ({ epoch: 1, sequence: 1, previous: 0 }))
  const published = frames.current(NOW_MS, () => undefined)
  if (published === null) throw new Error('expected a frame')
  return published
}

const withCode = (print: ReturnType<typeof trade>, conditionCode: number): Tick => ({
  ...print,
  conditionCode,
})

describe('a print', () => {
  it('adds to signed flow by its side, and to the unclassified without one', () => {
    const state = opened()
    next(state, [
      trade(FIRST, 202, 10, NOW_MS + 1),
      trade(FIRST, 200, 4, NOW_MS + 2),
      withCode(trade(FIRST, 201, 30, NOW_MS + 3), MULTI_LEG),
      trade(FIRST, 202, 5, NOW_MS + 1_001),
      trade(FIRST, Number.NaN, 2, NOW_MS + 4),
    ])
    expect(flowOf(state)).toEqual({ signed: expect.closeTo(0.7 * 6, 10), unclassified: 37, volume: 51 })
    expect(flowOf(state, 2)).toEqual({ signed: Number.NaN, unclassified: 0, volume: 0 })
    expect(state.book.flow).toMatchObject({ sessionDate: 20_351_116, contracts: 51, classifiedContracts: 14 })
  })

  it('is judged by the quote of its instant, not by a newer one of its batch', () => {
    const state = opened()
    next(state, [
      quote(FIRST, 210, 212, NOW_MS + 50),
      trade(FIRST, 202, 10, NOW_MS + 40),
      trade(FIRST, 210, 3, NOW_MS + 60),
    ])
    expect(flowOf(state).signed).toBeCloseTo(0.7 * (10 - 3), 10)
  })

  it('has no side when only a newer quote is known', () => {
    const state = opened()
    next(state, [quote(FIRST, 210, 212, NOW_MS + 50)])
    next(state, [trade(FIRST, 212, 10, NOW_MS + 40)], { sequence: 3 })
    expect(flowOf(state)).toMatchObject({ signed: Number.NaN, unclassified: 10 })
  })

  it('gives the same flow however a stream in order of time is cut', () => {
    const price = fc.constantFrom(199, 200, 200.5, 201, 202, 203)
    const tick = fc.oneof(
      price.map((bid) => (ms: number) => quote(FIRST, bid, bid + 2, ms)),
      fc.tuple(price, fc.integer({ min: 1, max: 50 })).map(
        ([paid, size]) =>
          (ms: number) =>
            trade(FIRST, paid, size, ms),
      ),
    )
    const stream = fc.array(fc.tuple(tick, fc.integer({ min: 1, max: 700 })), { minLength: 1, maxLength: 30 })
    const property = fc.property(stream, fc.array(fc.nat(), { maxLength: 6 }), (steps, places) => {
      let atMs = NOW_MS
      const ticks = [...CONTRACTS, ...steps.map(([make, elapsedMs]) => make((atMs += elapsedMs)))]
      const [whole, parts] = [stateAfter(cut(ticks, [])), stateAfter(cut(ticks, places))]
      expect(flowOf(parts)).toEqual(flowOf(whole))
      expect(parts.book.flow).toEqual(whole.book.flow)
    })
    fc.assert(property, { seed: 11, numRuns: 200 })
  })

  it('is taken back by its cancel, which is no last price', () => {
    const state = opened()
    next(state, [trade(FIRST, 202, 10, NOW_MS + 1), trade(FIRST, 200, 4, NOW_MS + 2)])
    const before = flowOf(state)
    next(state, [trade(FIRST, 201.5, 99, NOW_MS + 3)], { sequence: 3 })
    const last = state.book.columns.last[state.book.rowOfId.get(FIRST) ?? -1]
    const later = NOW_MS + 60_000
    next(state, [withCode(trade(FIRST, 201.5, 99, later), CANCEL)], { sequence: 4, createdMs: later })
    expect(flowOf(state)).toEqual({ ...before, signed: expect.closeTo(before.signed ?? Number.NaN, 10) })
    expect(state.book.columns.last[state.book.rowOfId.get(FIRST) ?? -1]).toBe(last)
  })

  it('never takes volume below zero, however many cancels come', () => {
    const state = opened()
    next(state, [trade(FIRST, 202, 1, NOW_MS + 1), withCode(trade(FIRST, 7, 50, NOW_MS + 2), CANCEL)])
    expect(flowOf(state).volume).toBe(0)
  })
})

describe('flow', () => {
  it('belongs to one session; a straggler of the one before does not start it over', () => {
    const state = opened()
    next(state, [trade(FIRST, 202, 10, NOW_MS + 1)])
    const monday = NOW_MS + 3 * DAY_MS
    next(state, [quote(FIRST, 200, 202, monday), trade(FIRST, 202, 2, monday + 1)], {
      sequence: 3,
      createdMs: monday,
    })
    expect(flowOf(state).signed).toBeCloseTo(1.4, 10)
    next(state, [trade(2, 5, 7, NOW_MS + 5)], { sequence: 4, createdMs: monday })
    expect(flowOf(state, 2)).toMatchObject({ unclassified: 0, volume: 7 })
    expect(state.book.flow).toMatchObject({ sessionDate: 20_351_119, contracts: 2 })
  })

  it('goes on when the bridge comes back, and starts over with a recording', () => {
    const state = opened()
    next(state, [trade(FIRST, 202, 10, NOW_MS + 1)])
    const again = [
      ...openingTicks(NOW_MS + 500),
      quote(FIRST, 200, 202, NOW_MS + 500),
      trade(FIRST, 202, 5, NOW_MS + 600),
    ]
    next(state, again, { epoch: 2, sequence: 1 })
    expect(flowOf(state).signed).toBeCloseTo(0.7 * 15, 10)
    expect(state.book.flow.contracts).toBe(15)
    next(state, openingTicks(), { epoch: 3, sequence: 1, feed: 'recorded' })
    expect(flowOf(state)).toMatchObject({ signed: Number.NaN })
    expect(state.book.flow.contracts).toBe(0)
  })

  it('is what it was after checkpoint and tail, wherever the checkpoint was taken, and no part of the hash', async () => {
    const ticks = [
      ...openingTicks(),
      quote(FIRST, 200, 202),
      trade(FIRST, 202, 10, NOW_MS + 1),
      trade(FIRST, 201.3, 3, NOW_MS + 9),
    ]
    const batches = cut(ticks, [30, 71, 72])
    const expected = stateAfter(batches)
    for (let taken = 0; taken <= batches.length; taken++) {
      const restored = restoreState(checkpointOf(stateAfter(batches.slice(0, taken))), batches.slice(taken))
      expect(flowOf(restored)).toEqual(flowOf(expected))
      expect(restored.book.flow).toEqual(expected.book.flow)
    }
    const other = stateAfter(cut(ticks, []))
    other.book.columns.signedFlow.fill(5)
    expect(await stateHash(other.book)).toBe(await stateHash(expected.book))
  })

  it('has greeks from the first frame on, for as long as rows stay what they are', () => {
    const state = opened()
    const bought = (atMs: number) => trade(FIRST, 202, 10, atMs)
    const valued = () =>
      flowRate({ rates: state.book.flow.rates, nowMs: NOW_MS, gexFinite: null, spotMove: null })
    next(state, [bought(NOW_MS + 1)])
    expect(valued()).toMatchObject({
      basis: null,
      reason: expect.stringContaining('no print has a known side and greeks'),
    })
    publish(state)
    next(state, [bought(NOW_MS + 2)], { sequence: 3 })
    const { coverage, flows } = valued()
    expect(coverage).toBeCloseTo(0.5, 4)
    // 0.7 of 10 contracts of 100 at a delta near one, over five minutes.
    expect((flows?.[1]?.deltaFlow ?? 0) / ((0.7 * 10 * 100 * SPOT) / 5)).toBeCloseTo(1, 1)
    const listed = { ...(CONTRACTS[0] as (typeof CONTRACTS)[number]), contractId: 900, strike: 6_300 }
    next(state, [listed, bought(NOW_MS + 3)], { sequence: 4 })
    expect(valued().coverage).toBeCloseTo(1 / 3, 4)
  })

  it('lets the models of flow vote', () => {
    const state = opened()
    expect(publish(state).figures.analytics?.signModels).toMatchObject({ M4: null, M5: null })
    next(state, [quote(15, 200, 202), trade(15, 202, 100, NOW_MS + 1), underlying(SPOT, NOW_MS + 1)])
    const { M4, M5 } = publish(state).figures.analytics?.signModels ?? {}
    // Customers bought a call: whoever sold it is short its gamma.
    expect(M4?.call).toBeLessThan(0)
    expect(M5?.net).not.toBeNull()
  })
})
