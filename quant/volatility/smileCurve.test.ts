import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { curveAt, durrlemanAt, type QuadraticCurve, type SmileCurve, type SviCurve } from './smileCurve.ts'

const SEEDED = { seed: 20261120 }
const SVI: SviCurve = { model: 'svi', a: -0.0021, b: 0.039, rho: -0.09, m: 0.037, sigma: 0.085 }
const QUADRATIC: QuadraticCurve = {
  model: 'quadratic',
  a: 0.01,
  slope: -0.02,
  bend: 0.1,
  kMin: -0.2,
  kMax: 0.3,
}

describe.each<[string, SmileCurve]>([
  ['svi', SVI],
  ['quadratic', QUADRATIC],
])('%s', (_, curve) => {
  test('its derivatives are those of its values', () => {
    const h = 1e-5
    for (const k of [-0.19, -0.05, 0, 0.02, 0.2, 0.29]) {
      const [below, here, above] = [curveAt(curve, k - h), curveAt(curve, k), curveAt(curve, k + h)]
      expect(here.slope).toBeCloseTo((above.w - below.w) / (2 * h), 8)
      expect(here.curvature).toBeCloseTo((above.slope - below.slope) / (2 * h), 6)
    }
  })
})

test('a quadratic goes straight on where it rises outwards and flat where it would fall', () => {
  expect(curveAt(QUADRATIC, 0.5).slope).toBeCloseTo(0.04, 12)
  expect(curveAt(QUADRATIC, 0.5).w).toBeCloseTo(0.013 + 0.2 * 0.04, 12)
  const falling = { ...QUADRATIC, bend: 0 }
  expect(curveAt(falling, 0.5)).toEqual({ w: curveAt(falling, 0.3).w, slope: 0, curvature: 0 })
})

test('a flat smile has the Durrleman function of a lognormal, 1', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-4, max: 1, noNaN: true }),
      fc.double({ min: -2, max: 2, noNaN: true }),
      (w, k) => {
        expect(durrlemanAt({ model: 'svi', a: w, b: 0, rho: 0, m: 0, sigma: 0.1 }, k)).toBe(1)
      },
    ),
    SEEDED,
  )
})

test("finds the arbitrage in the literature's example", () => {
  // Axel Vogt's smile, Gatheral and Jacquier (2014), section 2.
  const vogt: SviCurve = { model: 'svi', a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 }
  const least = Math.min(...Array.from({ length: 300 }, (_, i) => durrlemanAt(vogt, -1.5 + i / 100)))
  expect(least).toBeLessThan(-0.01)
})
