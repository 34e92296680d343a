import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalCdf } from '../math/normal.ts'
import { averageSkew } from './averageSkew.ts'
import { strikeAtDelta } from './deltaStrike.ts'
import { skewOf } from './skew.ts'
import { sliceOf, type TenorSlice } from './tenorSlice.ts'
import { flatFit, sviFit } from './sampleSmiles.ts'

/** N⁻¹(0.75). */
const QUARTILE = 0.6744897501960817
const month = sliceOf(sviFit(30))

describe('the strike of a delta', () => {
  test('is the closed form on a flat smile', () => {
    const slice = sliceOf(flatFit(30, 0.2))
    const s = 0.2 * Math.sqrt(30 / 365)
    expect(strikeAtDelta(slice, 0.25, 'call')).toBeCloseTo(s * QUARTILE + 0.5 * s * s, 12)
    expect(strikeAtDelta(slice, 0.25, 'put')).toBeCloseTo(-s * QUARTILE + 0.5 * s * s, 12)
  })

  test('has that delta at its own volatility', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 0.45, noNaN: true }),
        fc.constantFrom('put' as const, 'call' as const),
        (delta, right) => {
          const k = strikeAtDelta(month, delta, right)
          if (k === null) throw new Error('outside')
          const s = Math.sqrt(month.at(k).w)
          const sign = right === 'call' ? 1 : -1
          expect(normalCdf(sign * (-k / s + 0.5 * s))).toBeCloseTo(delta, 10)
        },
      ),
      { seed: 20261120 },
    )
  })

  test('is null outside the quoted strikes', () => {
    expect(strikeAtDelta({ ...month, kMin: -0.01 }, 0.1, 'put')).toBeNull()
    expect(strikeAtDelta({ ...month, kMax: 0 }, 0.25, 'call')).toBeNull()
  })
})

describe('skew', () => {
  test('a flat smile has none', () => {
    const skew = skewOf(sliceOf(flatFit(30, 0.2)))
    expect(skew.skew25VolPts).toBeCloseTo(0, 10)
    expect(skew.butterfly25VolPts).toBeCloseTo(0, 10)
    expect(skew.atmSlope).toBe(0)
  })

  test('an index smile: dear puts are positive skew and a negative risk reversal', () => {
    const skew = skewOf(month)
    expect(skew.skew25VolPts).toBeGreaterThan(2)
    expect(skew.riskReversal25VolPts).toBe(-(skew.skew25VolPts as number))
    expect(skew.skew25VolPts).toBeCloseTo(100 * ((skew.putVol25 as number) - (skew.callVol25 as number)), 12)
    expect(skew.normalisedSkew25).toBeCloseTo((skew.skew25VolPts as number) / (100 * skew.atmVol), 12)
    expect(skew.putStrike25).toBeLessThan(6500)
    expect(skew.callStrike25).toBeGreaterThan(6500)
    expect(skew.atmSlope).toBeLessThan(0)
  })

  test('the slope is the derivative of volatility in log-moneyness', () => {
    const vol = (k: number): number => Math.sqrt(month.at(k).w / month.years)
    expect(skewOf(month).atmSlope).toBeCloseTo((vol(1e-5) - vol(-1e-5)) / 2e-5, 6)
  })

  test('mirrored in the forward, skew changes sign', () => {
    // k → −k maps put onto call deltas of the same size only to first order in s, so a short expiry is used.
    const day = sliceOf(sviFit(0.01))
    const mirrored: TenorSlice = {
      ...day,
      kMin: -day.kMax,
      kMax: -day.kMin,
      at: (k) => {
        const { w, slope, curvature } = day.at(-k)
        return { w, slope: -slope, curvature }
      },
    }
    expect(skewOf(mirrored).skew25VolPts).toBeCloseTo(-(skewOf(day).skew25VolPts as number), 2)
  })

  test('with the wing unquoted it is null with a reason, the leg that is known stays', () => {
    const skew = skewOf({ ...month, kMax: 0.001 })
    expect(skew).toMatchObject({ skew25VolPts: null, callVol25: null, reason: 'delta_outside_strikes' })
    expect(skew.putVol25).toBeGreaterThan(0.1)
  })
})

describe('average skew', () => {
  test('lies between the least and the largest of its parts', () => {
    const slices = [7, 30, 90].map((days) => sliceOf(sviFit(days)))
    const { averageSkewVolPts, pairs } = averageSkew(slices)
    expect(pairs).toBe(12)
    expect(averageSkewVolPts).toBeGreaterThan(1)
    expect(averageSkewVolPts).toBeLessThan(10)
  })

  test('weighs by vega, so the longer expiry counts for more', () => {
    const [flat, skewed] = [sliceOf(flatFit(7, 0.2)), sliceOf(sviFit(90))]
    const alone = averageSkew([skewed]).averageSkewVolPts as number
    const both = averageSkew([flat, skewed]).averageSkewVolPts as number
    const weight = Math.sqrt(skewed.years) * skewed.discount
    const share = weight / (weight + Math.sqrt(flat.years) * flat.discount)
    expect(both).toBeCloseTo(share * alone, 8)
  })

  test('without pairs it is null', () => {
    expect(averageSkew([])).toEqual({ averageSkewVolPts: null, pairs: 0, reason: 'no_delta_pairs' })
  })
})
