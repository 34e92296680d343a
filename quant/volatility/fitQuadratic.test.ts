import { expect, test } from 'vitest'
import { fitQuadratic } from './fitQuadratic.ts'

const at = (ks: readonly number[], w: (k: number) => number) =>
  ks.map((k) => ({ k, w: w(k), weight: 1 + k * k }))

test('goes through points of a quadratic', () => {
  const fitted = fitQuadratic(at([-0.1, -0.02, 0.01, 0.07], (k) => 0.01 - 0.03 * k + 0.2 * k * k))
  expect(fitted?.a).toBeCloseTo(0.01, 12)
  expect(fitted?.slope).toBeCloseTo(-0.03, 12)
  expect(fitted?.bend).toBeCloseTo(0.2, 10)
  expect([fitted?.kMin, fitted?.kMax]).toEqual([-0.1, 0.07])
})

test('draws a line through points that would bend it down', () => {
  const fitted = fitQuadratic(at([-0.1, 0, 0.1], (k) => 0.01 - 0.03 * k - 0.2 * k * k))
  expect(fitted?.bend).toBe(0)
  expect(fitted?.slope).toBeCloseTo(-0.03, 12)
})

test('two strikes at one place still give a curve', () => {
  expect(fitQuadratic(at([0.02, 0.02, 0.02], () => 0.01))).toMatchObject({ a: 0.01, slope: 0, bend: 0 })
})

test('no curve without points or with negative variance', () => {
  expect(fitQuadratic([])).toBeNull()
  expect(fitQuadratic(at([-0.1, 0, 0.1], (k) => 0.001 + 0.1 * k))).toBeNull()
})
