import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sliceAtTenor } from './tenorSlice.ts'
import { flatFit, sviFit } from './sampleSmiles.ts'
import { atConstantMaturity, forwardVols, termStructure } from './termStructure.ts'

describe('constant maturity', () => {
  test('is linear in total variance', () => {
    const { atmVol } = atConstantMaturity([flatFit(20, 0.15), flatFit(40, 0.2)], 30)
    expect((atmVol as number) ** 2 * 30).toBeCloseTo((0.15 ** 2 * 20 + 0.2 ** 2 * 40) / 2, 12)
  })

  test('is the expiry itself where one has that maturity', () => {
    expect(atConstantMaturity([flatFit(7, 0.3), flatFit(30, 0.17), flatFit(60, 0.2)], 30).atmVol).toBeCloseTo(
      0.17,
      12,
    )
  })

  test('lies between its neighbours in total variance, at every strike', () => {
    const [near, far] = [sviFit(25), sviFit(40)]
    fc.assert(
      fc.property(
        fc.double({ min: 25, max: 40, noNaN: true }),
        fc.double({ min: -0.1, max: 0.1, noNaN: true }),
        (days, k) => {
          const found = sliceAtTenor([near, far], days)
          if (!found.ok) throw new Error(found.reason)
          const w = (fit: typeof near): number => {
            const slice = sliceAtTenor([fit], 365 * fit.years)
            return slice.ok ? slice.slice.at(k).w : Number.NaN
          }
          expect(found.slice.at(k).w).toBeGreaterThanOrEqual(w(near) - 1e-15)
          expect(found.slice.at(k).w).toBeLessThanOrEqual(w(far) + 1e-15)
        },
      ),
      { seed: 20261120 },
    )
  })

  test.each([
    ['before_first_expiry', [flatFit(10, 0.2)], 7],
    ['after_last_expiry', [flatFit(10, 0.2)], 30],
    ['no_smiles', [], 30],
  ])('%s is a reason, never an extrapolation', (reason, fits, days) => {
    expect(atConstantMaturity(fits, days)).toEqual({ days, atmVol: null, reason })
  })
})

describe('forward volatility', () => {
  test('rebuilds the later variance from the earlier', () => {
    const [first] = forwardVols([flatFit(10, 0.15), flatFit(40, 0.2)])
    expect(0.15 ** 2 * 10 + (first?.vol as number) ** 2 * 30).toBeCloseTo(0.2 ** 2 * 40, 12)
  })

  test('is null where variance falls', () => {
    expect(forwardVols([flatFit(10, 0.4), flatFit(12, 0.3)])[0]).toMatchObject({
      vol: null,
      reason: 'calendar_arbitrage',
    })
  })

  test('two settlements of one day count as one', () => {
    const vols = forwardVols([flatFit(10, 0.2), flatFit(10.27, 0.25), flatFit(20, 0.2)])
    expect(vols).toHaveLength(1)
    expect(vols[0]?.vol).toBeCloseTo(0.2, 12)
  })
})

describe('slope', () => {
  const structure = (near: number, month: number, quarter: number) =>
    termStructure([flatFit(7, near), flatFit(30, month), flatFit(90, quarter)])

  test('a rising curve is contango', () => {
    const rising = structure(0.1, 0.12, 0.14)
    expect(rising.slope7To30VolPts).toBeCloseTo(2, 10)
    expect(rising.slope30To90VolPts).toBeCloseTo(2, 10)
    expect(rising.isBackwardated).toBe(false)
  })

  test('month above quarter is backwardation, whatever the week does', () => {
    expect(structure(0.1, 0.3, 0.25).isBackwardated).toBe(true)
    expect(structure(0.5, 0.2, 0.22).isBackwardated).toBe(false)
  })

  test('is null with its reason when the chain is too short', () => {
    expect(termStructure([flatFit(7, 0.2), flatFit(31, 0.2)])).toMatchObject({
      slope30To90VolPts: null,
      isBackwardated: null,
      reason: 'after_last_expiry',
    })
  })
})
