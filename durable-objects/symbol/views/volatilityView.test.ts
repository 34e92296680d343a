import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { VolatilitySchema, type Volatility } from '#schemas/rest/volatility'
import type { Tick } from '#schemas/tick'
import type { LiveState } from '../state.ts'
import {
  CONTRACTS,
  encoded,
  modelQuotes,
  NOW_MS,
  openingTicks,
  SPOT,
  stateAfter,
  underlying,
} from '../testkit.ts'
import { LiveFrame, type Published } from './liveFrame.ts'
import { VolatilityCache } from './volatilityCache.ts'
import { volatilityAnswer } from './volatilityView.ts'

/** What the small market is priced at. */
const VOL = 0.15

function framesOf(state: LiveState): LiveFrame {
  let sequence = 0
  return new LiveFrame('SPX', state, () => ({ epoch: 1, sequence: ++sequence, previous: sequence - 1 }))
}

function publish(frames: LiveFrame): Published {
  const published = frames.current(NOW_MS, () => undefined)
  if (published === null) throw new Error('expected a frame')
  return published
}

function volatilityAfter(ticks: readonly Tick[]): Volatility {
  return volatilityAnswer(publish(framesOf(stateAfter([encoded({}, ticks)]))), new VolatilityCache())
}

/** Two expiries whose strikes reach beyond 25 delta; those of the small market do not. */
const WIDE = ['2035-11-23', '2035-12-28'].flatMap((expiryDate, e) =>
  Array.from({ length: 26 }, (_, i) => ({
    kind: 'contract' as const,
    contractId: 101 + i + 26 * e,
    root: 'SPXW',
    expiryDate,
    strike: 5_400 + 100 * Math.floor(i / 2),
    right: i % 2 === 0 ? ('call' as const) : ('put' as const),
    multiplier: 100,
  })),
)
const TICKS = [...openingTicks(), ...WIDE, ...modelQuotes(NOW_MS, SPOT, WIDE)]

describe('volatility', () => {
  const answer = volatilityAfter(TICKS)
  const { data } = answer

  it('is the market’s own, expiry by expiry, in the agreed shape', () => {
    expect(v.parse(VolatilitySchema, answer)).toEqual(answer)
    expect(answer.meta).toMatchObject({ symbol: 'SPX', sequence: 1 })
    const [today, week, month, yearEnd] = data.expiries
    expect(today).toMatchObject({ atmVol: null, fit: null, reason: 'too_few_strikes' })
    expect(yearEnd).toMatchObject({ skew25VolPts: null, reason: 'delta_outside_strikes' })
    expect(month?.expiry).toBe('2035-12-28T21:00:00.000Z')
    for (const expiry of [week, month]) {
      const skew = expiry?.skew25VolPts ?? Number.NaN
      expect(expiry?.atmVol).toBeCloseTo(VOL, 2)
      expect(expiry?.fit?.rmseVolPts).toBeLessThan(1)
      expect(skew).toBeCloseTo(0, 0)
      expect(expiry?.riskReversal25VolPts).toBe(-skew)
      expect(expiry?.reason).toBeNull()
    }
  })

  it('has its smiles in columns', () => {
    const { expiry, atmVol, forwardVol, forwardVolReason } = data.termStructure
    const later = data.expiries.slice(1)
    expect(expiry).toEqual(later.map((each) => each.expiry))
    expect(atmVol).toEqual(later.map((each) => each.atmVol))
    expect(forwardVol[1]).toBeCloseTo(VOL, 2)
    expect(forwardVolReason).toEqual(['no_earlier_settlement', null, null])
  })

  it('interpolates between expiries and never beyond them', () => {
    expect(data.constantMaturities.map(({ days, reason }) => [days, reason])).toEqual([
      [7, 'before_first_expiry'],
      [30, null],
      [60, 'after_last_expiry'],
      [90, 'after_last_expiry'],
    ])
    expect(data.constantMaturities[1]?.atmVol).toBeCloseTo(VOL, 2)
    expect(data.constantMaturities[2]).toMatchObject({ atmVol: null, skew25VolPts: null })
    expect(data.averageSkewVolPts ?? Number.NaN).toBeCloseTo(0, 0)
    expect(data.reasons).toEqual({
      slope7To30VolPts: 'before_first_expiry',
      slope30To90VolPts: 'after_last_expiry',
    })
  })

  it('says how far the market expects to go, and how often it stays within', () => {
    const [today, , month] = data.expectedMoves
    expect(today?.straddle).toMatchObject({ move: null, reason: 'strikes_too_coarse' })
    const years = (month?.days ?? 0) / 365
    expect(month?.oneSigmaByVol.move).toBeCloseTo((month?.forward ?? 0) * VOL * Math.sqrt(years), -1)
    expect(month?.straddle.coverage).toBeCloseTo(0.575, 3)
    expect(month?.oneSigmaByStraddle.coverage).toBeCloseTo(0.683, 3)
  })

  it('is null with a reason wherever the chain says nothing', () => {
    const unquoted = volatilityAfter([...CONTRACTS, underlying(SPOT)]).data
    expect(unquoted.expiries.map(({ atmVol, reason }) => [atmVol, reason])).toEqual([
      [null, 'too_few_strikes'],
      [null, 'too_few_strikes'],
    ])
    expect(unquoted.termStructure.days).toEqual([])
    expect(unquoted.constantMaturities.every(({ reason }) => reason === 'no_smiles')).toBe(true)
    expect(unquoted.reasons).toEqual({
      slope7To30VolPts: 'no_smiles',
      slope30To90VolPts: 'no_smiles',
      averageSkewVolPts: 'no_delta_pairs',
    })
  })

  it('is empty with a reason before the first price of the underlying', () => {
    const early = volatilityAfter(openingTicks().filter(({ kind }) => kind !== 'underlying'))
    expect(v.parse(VolatilitySchema, early)).toEqual(early)
    expect(early.data.expiries).toEqual([])
    expect(early.data.reasons).toMatchObject({ expiries: 'no price of the underlying yet' })
  })
})
