import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../reference/random.ts'
import { fitSvi, type SmilePoint } from './fitSvi.ts'
import { curveAt, durrlemanAt, totalVariance, type SviCurve } from './smileCurve.ts'

const SEEDED = { seed: 20261120 }
/** A month of SPX, 2025: σ_ATM·√T is 0.034. */
const MONTH: SviCurve = { model: 'svi', a: -0.0021, b: 0.04, rho: -0.09, m: 0.036, sigma: 0.083 }
const YEAR: SviCurve = { model: 'svi', a: -0.02, b: 0.16, rho: -0.3, m: 0.12, sigma: 0.29 }
const SYMMETRIC: SviCurve = { model: 'svi', a: 0.01, b: 0.1, rho: 0, m: 0, sigma: 0.1 }

function deviationOf(curve: SviCurve): number {
  return Math.sqrt(totalVariance(curve, 0))
}

function pointsOn(curve: SviCurve, noise: (i: number) => number = () => 0): SmilePoint[] {
  const deviation = deviationOf(curve)
  return Array.from({ length: 81 }, (_, i) => {
    const k = deviation * (-5 + i / 10)
    return { k, w: totalVariance(curve, k) * (1 + noise(i)), weight: 1 }
  })
}

function worstGap(fitted: SviCurve, curve: SviCurve): number {
  const gaps = pointsOn(curve).map(({ k, w }) => Math.abs(totalVariance(fitted, k) / w - 1))
  return Math.max(...gaps)
}

describe('recovers the parameters a smile was made with', () => {
  test.each([
    ['a month of SPX', MONTH],
    ['a year', YEAR],
    ['a symmetric smile', SYMMETRIC],
  ])('%s', (_, curve) => {
    const fitted = fitSvi(pointsOn(curve), deviationOf(curve))
    for (const name of ['a', 'b', 'rho', 'm', 'sigma'] as const) {
      expect(Math.abs(fitted[name] - curve[name])).toBeLessThan(2e-4 * Math.max(1, Math.abs(curve[name])))
    }
    expect(worstGap(fitted, curve)).toBeLessThan(1e-5)
  })

  test('of any smile without arbitrage, to a hundredth of a percent of its variance', () => {
    const arbitrary = fc.record({
      deviation: fc.double({ min: 0.002, max: 0.5, noNaN: true }),
      rho: fc.double({ min: -0.8, max: 0.4, noNaN: true }),
      m: fc.double({ min: -0.5, max: 1, noNaN: true }),
      width: fc.double({ min: 0.5, max: 3, noNaN: true }),
      wings: fc.double({ min: 0.1, max: 0.6, noNaN: true }),
      level: fc.double({ min: 0.3, max: 0.9, noNaN: true }),
    })
    fc.assert(
      fc.property(arbitrary, ({ deviation, rho, m, width, wings, level }) => {
        const curve: SviCurve = {
          model: 'svi',
          a: level * deviation ** 2,
          b: wings * deviation,
          rho,
          m: m * deviation,
          sigma: width * deviation,
        }
        const unit = deviationOf(curve)
        const least = Math.min(
          ...Array.from({ length: 111 }, (_, i) => durrlemanAt(curve, unit * (-5.5 + i / 10))),
        )
        fc.pre(least > 0.02)
        expect(worstGap(fitSvi(pointsOn(curve), unit), curve)).toBeLessThan(1e-4)
      }),
      { ...SEEDED, numRuns: 200 },
    )
  })
})

describe('whatever the points', () => {
  const noisy = (seed: number, size: number): SmilePoint[] => {
    const random = seededRandom(seed)
    return pointsOn(MONTH, () => size * (random() - 0.5))
  }
  const seeds = fc.integer({ min: 1, max: 1e6 })

  test('there is no butterfly arbitrage within five deviations', () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 0, max: 0.6, noNaN: true }), (seed, size) => {
        const fitted = fitSvi(noisy(seed, size), deviationOf(MONTH))
        for (let z = -5; z <= 5; z += 0.05)
          expect(durrlemanAt(fitted, z * deviationOf(MONTH))).toBeGreaterThan(-1e-4)
      }),
      { ...SEEDED, numRuns: 100 },
    )
  })

  test('wings rise by no more than 2 and variance is nowhere negative', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { a, b, rho, sigma } = fitSvi(noisy(seed, 1.5), deviationOf(MONTH))
        expect(b * (1 + Math.abs(rho))).toBeLessThanOrEqual(2 + 1e-12)
        expect(a + b * sigma * Math.sqrt(1 - rho * rho)).toBeGreaterThanOrEqual(-1e-15)
      }),
      { ...SEEDED, numRuns: 100 },
    )
  })

  test('the same points give the same bits, and weights only count relative to each other', () => {
    const points = noisy(7, 0.1)
    const once = fitSvi(points, deviationOf(MONTH))
    expect(fitSvi(points, deviationOf(MONTH))).toEqual(once)
    const heavier = points.map((point) => ({ ...point, weight: 1024 * point.weight }))
    expect(fitSvi(heavier, deviationOf(MONTH))).toEqual(once)
  })

  test('stretching k by c and variance by c² stretches the smile', () => {
    const points = noisy(11, 0.05)
    const stretched = points.map(({ k, w, weight }) => ({ k: 2 * k, w: 4 * w, weight }))
    // Durrleman's function has one term that is not homogeneous, so the arbitrage wall must not be touched.
    const small = fitSvi(points, deviationOf(MONTH))
    const large = fitSvi(stretched, 2 * deviationOf(MONTH))
    for (const { k } of points) {
      expect(curveAt(large, 2 * k).w / (4 * curveAt(small, k).w)).toBeCloseTo(1, 2)
    }
  })

  test('a point with more weight is met more closely', () => {
    const [pushed, at] = [noisy(3, 0.2), 40]
    const gap = (weight: number): number => {
      const points = pushed.map((point, i) => (i === at ? { ...point, w: 1.2 * point.w, weight } : point))
      const { k, w } = points[at] as SmilePoint
      return Math.abs(totalVariance(fitSvi(points, deviationOf(MONTH)), k) - w)
    }
    expect(gap(50)).toBeLessThan(0.5 * gap(1))
  })
})
