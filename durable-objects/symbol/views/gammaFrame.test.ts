import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { FRAME_SCALARS, GammaFrameSchema, type GammaFrame } from '#schemas/frame/gamma'
import { ChainRowSchema, ExposureSchema, LevelsSchema } from '#schemas/rest/models'
import type { Tick } from '#schemas/tick'
import { emptyState, type LiveState } from '../state.ts'
import {
  CONTRACTS,
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
import { ChainPages } from './chainPage.ts'
import { LiveFrame, type Published } from './liveFrame.ts'
import { exposureOf, levelsOf } from './restViews.ts'

function publish(state: LiveState, nowMs = NOW_MS): Published {
  let sequence = 0
  const next = () => ({ epoch: 1, sequence: ++sequence, previous: sequence - 1 })
  const published = new LiveFrame('SPX', state, next).current(nowMs, () => undefined)
  if (published === null) throw new Error('expected a frame')
  return published
}

const frameAfter = (ticks: readonly Tick[], fields = {}): GammaFrame =>
  publish(stateAfter([encoded(fields, ticks)])).frame

/** Every number in a structure, however deep. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : []
}

describe('the frame', () => {
  it('adds up', () => {
    const frame = frameAfter(openingTicks())
    expect(v.parse(GammaFrameSchema, frame)).toEqual(frame)
    const { totalCallGex, totalPutGex, netGex, aboveSpotGex, belowSpotGex } = frame
    expect((totalCallGex ?? 0) + (totalPutGex ?? 0)).toBeCloseTo(netGex ?? Number.NaN, 3)
    expect((aboveSpotGex ?? 0) + (belowSpotGex ?? 0)).toBeCloseTo(netGex ?? Number.NaN, 3)
    const byStrike = frame.strikes.callGex.reduce((sum, gex) => sum + gex, 0)
    expect(byStrike / (totalCallGex ?? Number.NaN)).toBeCloseTo(1, 6)
    expect(frame.distanceToMagnet).toBe((frame.magnetStrike ?? 0) - SPOT)
    expect(frame.quality).toMatchObject({ openInterestCoverage: 1, priced: CONTRACTS.length })
    expect(frame.reasons).toEqual({ pcrVolume: 'no call volume', windows: 'not computed yet' })
  })

  it('is valued at its own instant, whenever that was', () => {
    const state = stateAfter([encoded({ feed: 'recorded' }, openingTicks())])
    const then = publish(state, NOW_MS).frame
    const decadesLater = publish(state, NOW_MS + 30 * 365 * 86_400_000).frame
    expect(decadesLater).toEqual({ ...then, publishedMs: decadesLater.publishedMs })
    expect(then.quality).toMatchObject({ freshness: 'closed', flags: ['RECORDED'] })
  })

  it('says why everything is absent before the underlying has a price', () => {
    const frame = frameAfter(openingTicks().filter(({ kind }) => kind !== 'underlying'))
    expect(frame.quality.flags).toContain('NO_SPOT')
    for (const field of FRAME_SCALARS) {
      expect(frame[field]).toBeNull()
      expect(frame.reasons[field]).toBe('no price of the underlying yet')
    }
  })

  it('says so when there is nothing but the underlying', () => {
    const frame = frameAfter([underlying(SPOT)])
    expect(frame.quality.flags).toContain('NO_CONTRACTS')
    expect(frame).toMatchObject({ spotPrice: SPOT, netGex: null, flipStatus: 'no_data' })
    expect(frame.reasons['netGex']).toBe('no contracts yet')
  })

  it('lets a contract go at its settlement, not before', () => {
    const lastMs = Date.UTC(2035, 10, 16, 20, 59, 59, 999)
    const settled = openingTicks(lastMs)
    const before = frameAfter(settled, { createdMs: lastMs })
    const after = frameAfter([...settled, underlying(SPOT, lastMs + 1)], { createdMs: lastMs })
    expect(before.frontExpiryMs).toBe(lastMs + 1)
    expect(after.frontExpiryMs).toBe(Date.UTC(2035, 11, 31, 21))
  })

  it('leaves adjusted contracts out and says so', () => {
    const [contract] = CONTRACTS as [(typeof CONTRACTS)[number]]
    const adjusted: Tick = { ...contract, contractId: 900, root: 'SPXW1' }
    const plain = frameAfter(openingTicks())
    const frame = frameAfter([...openingTicks(), adjusted, quote(900, 1, 2), trade(900, 1, 1)])
    expect(frame.quality).toEqual({ ...plain.quality, flags: ['ADJ_CONTRACT'] })
    expect(frame.netGex).toBe(plain.netGex)
  })

  it('flags open interest that is missing or of several dates, and a crossed market', () => {
    const noInterest = openingTicks().filter(({ kind }) => kind !== 'openInterest')
    expect(frameAfter(noInterest).quality.flags).toContain('OI_MISSING')
    const older: Tick = { kind: 'openInterest', contractId: 1, openInterest: 5, tradeDate: '2035-11-16' }
    expect(frameAfter([...openingTicks(), older]).quality.flags).toContain('OI_MIXED')
    expect(frameAfter([...openingTicks(), quote(1, 9, 8, NOW_MS + 1)]).quality.flags).toContain('CROSSED')
  })

  it('flags a spot that stopped while options move', () => {
    const ticks = [...openingTicks(), quote(1, 200, 201, NOW_MS + 15_000)]
    expect(frameAfter(ticks, { createdMs: NOW_MS + 15_000 }).quality.flags).toEqual(['STALE_SPOT'])
  })
})

describe('whatever values come in', () => {
  const number = fc.oneof(
    fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 0, -1, 1e308, 5e-324, 1e8, 1e9, 0.05, 6_000),
    fc.double(),
    fc.double({ min: 0, max: 400, noNaN: true }),
  )
  const contractId = fc.integer({ min: 1, max: CONTRACTS.length })
  const eventMs = fc.oneof(fc.constantFrom(NOW_MS, NOW_MS + 1, Number.NaN, -1, 1e300), fc.double())
  const size = fc.integer({ min: 0, max: 2 ** 32 - 1 })
  const tick: fc.Arbitrary<Tick> = fc.oneof(
    fc
      .record({ contractId, bid: number, ask: number, bidSize: size, askSize: size, eventMs })
      .map((fields) => ({
        kind: 'quote' as const,
        ...fields,
        missing: 'none' as const,
      })),
    fc.record({ contractId, price: number, size, eventMs }).map((fields) => ({
      ...trade(1, 1, 1),
      ...fields,
    })),
    fc.record({ contractId, openInterest: number }).map((fields) => ({
      kind: 'openInterest' as const,
      ...fields,
      tradeDate: '2035-11-16',
    })),
    fc.record({ contractId, volume: number, eventMs }).map((fields) => ({
      kind: 'sessionVolume' as const,
      ...fields,
    })),
    fc.record({ price: number, bid: number, ask: number, eventMs }).map((fields) => ({
      kind: 'underlying' as const,
      ...fields,
    })),
  )

  it('only finite numbers go out, in the agreed shapes, and every null has its reason', () => {
    fc.assert(
      fc.property(fc.array(tick, { maxLength: 60 }), (ticks) => {
        const state = emptyState()
        deliver(state, encoded({}, openingTicks()))
        expect(deliver(state, encoded({ sequence: 2 }, ticks)).ok).toBe(true)
        const { frame, figures } = publish(state)
        const rows = new ChainPages().page(state.book, figures, { limit: 1_000 }, null).rows
        const outputs = [
          frame,
          exposureOf(frame, figures.analytics),
          levelsOf(frame, figures.analytics),
          rows,
        ]
        expect(numbersIn(outputs).filter((value) => !Number.isFinite(value))).toEqual([])
        expect(v.is(GammaFrameSchema, frame)).toBe(true)
        expect(v.is(ExposureSchema, outputs[1])).toBe(true)
        expect(v.is(LevelsSchema, outputs[2])).toBe(true)
        expect(v.is(v.array(ChainRowSchema), rows)).toBe(true)
        for (const field of FRAME_SCALARS) expect(frame[field] === null).toBe(field in frame.reasons)
        for (const row of rows) expect(row.vol === null).toBe(row.volReason !== null)
      }),
      { numRuns: 150 },
    )
  })
})
