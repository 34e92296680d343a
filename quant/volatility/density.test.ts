import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalCdf, normalPdf } from '../math/normal.ts'
import { black76 } from '../pricing/black76.ts'
import { densityAt, DENSITY_BINS, probabilityBelow, riskNeutralDensity } from './density.ts'
import { totalVariance } from './smileCurve.ts'
import { flatFit, sviFit } from './sampleSmiles.ts'

const month = sviFit(30)

describe('the density of a fit', () => {
  test('is lognormal for a flat smile', () => {
    const flat = flatFit(30, 0.2)
    const s = 0.2 * Math.sqrt(flat.years)
    for (const z of [-4, -1, 0, 0.5, 3]) {
      const d2 = -z - 0.5 * s
      expect(densityAt(flat.curve, z * s)).toBeCloseTo(normalPdf(d2) / s, 12)
      expect(probabilityBelow(flat.curve, z * s)).toBeCloseTo(normalCdf(-d2), 14)
    }
  })

  test('is the second derivative of undiscounted prices in strike', () => {
    const put = (strike: number): number => {
      const k = Math.log(strike / month.forward)
      const vol = Math.sqrt(totalVariance(month.curve, k) / month.years)
      return black76({ forward: month.forward, strike, years: month.years, discount: 1, vol, right: 'put' })
    }
    const h = 0.5
    for (const strike of [6000, 6300, 6500, 6600, 6700]) {
      const k = Math.log(strike / month.forward)
      const slope = (put(strike + h) - put(strike - h)) / (2 * h)
      const curvature = (put(strike + h) - 2 * put(strike) + put(strike - h)) / (h * h)
      expect(probabilityBelow(month.curve, k)).toBeCloseTo(slope, 6)
      expect(densityAt(month.curve, k) / strike).toBeCloseTo(curvature, 7)
    }
  })

  test('integrates to 1 with the forward as its mean, at any maturity', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 400, noNaN: true }), (days) => {
        const { mass, meanOverForward, probabilities, below, above, reason } = riskNeutralDensity(
          sviFit(days),
        )
        expect(reason).toBeNull()
        expect(mass).toBeCloseTo(1, 2)
        expect(meanOverForward).toBeCloseTo(1, 2)
        const total = (probabilities ?? []).reduce((sum, p) => sum + p, below + above)
        expect(total).toBeCloseTo(1, 10)
      }),
      { seed: 20261120, numRuns: 50 },
    )
    const flat = riskNeutralDensity(flatFit(30, 0.2))
    expect(flat.mass).toBeCloseTo(1, 10)
    expect(flat.meanOverForward).toBeCloseTo(1, 10)
  })

  test('its bins are a quarter of a deviation wide and centred on the forward', () => {
    const { edges } = riskNeutralDensity(month)
    expect(edges).toHaveLength(DENSITY_BINS + 1)
    expect(edges[20]).toBeCloseTo(month.forward, 9)
    expect(Math.log((edges[21] as number) / (edges[20] as number))).toBeCloseTo(
      0.25 * month.atmVol * Math.sqrt(month.years),
      12,
    )
  })

  test('scales with the forward and is otherwise the same', () => {
    const large = riskNeutralDensity({ ...month, forward: 10 * month.forward })
    const small = riskNeutralDensity(month)
    expect(large.probabilities).toEqual(small.probabilities)
    expect(large.edges.map((edge) => edge / 10)).toEqual(small.edges.map((edge) => expect.closeTo(edge, 8)))
  })
})

describe('is withheld', () => {
  test('where the smile has butterfly arbitrage', () => {
    // Variance that leaps up above the forward makes a call spread negative.
    const leap = { model: 'svi', a: 0.005, b: 0.4, rho: 0.9, m: 0.05, sigma: 0.01 } as const
    const atmVol = Math.sqrt(totalVariance(leap, 0))
    const fit = { ...month, years: 1, atmVol, kMin: -1, kMax: 1, curve: leap }
    expect(riskNeutralDensity(fit)).toMatchObject({ probabilities: null, reason: 'butterfly_arbitrage' })
  })

  test('where the strikes leave the tails to the model', () => {
    const narrow = riskNeutralDensity({ ...month, kMin: -0.01, kMax: 0.01 })
    expect(narrow).toMatchObject({ probabilities: null, reason: 'tails_not_quoted' })
    expect(narrow.extrapolated).toBeGreaterThan(0.5)
  })
})
