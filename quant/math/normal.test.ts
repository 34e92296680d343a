import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalCdf, normalPdf } from './normal.ts'

const SEEDED = { seed: 20261120 }

// ½·erfc(−z/√2) at 60 digits.
test.each([
  [-37.5, 4.605353009581955e-308],
  [-20, 2.7536241186062337e-89],
  [-8, 6.220960574271784e-16],
  [-3, 0.0013498980316300946],
  [-1, 0.15865525393145705],
  [-0.1, 0.460172162722971],
  [0, 0.5],
  [0.5, 0.691462461274013],
  [2, 0.9772498680518208],
  [6, 0.9999999990134123],
])('normalCdf(%f) keeps its relative accuracy, tails included', (z, exact) => {
  expect(Math.abs(normalCdf(z) / exact - 1)).toBeLessThan(1e-14)
})

test('N(z) + N(−z) = 1 and N rises', () => {
  fc.assert(
    fc.property(fc.double({ min: -40, max: 40, noNaN: true }), (z) => {
      expect(Math.abs(normalCdf(z) + normalCdf(-z) - 1)).toBeLessThan(3e-16)
      expect(normalCdf(z + 1e-3)).toBeGreaterThanOrEqual(normalCdf(z))
    }),
    SEEDED,
  )
})

test('the density integrates to the distribution', () => {
  let sum = 0
  const step = 1 / 1024
  for (let z = -9; z < 1; z += step) sum += normalPdf(z + step / 2) * step
  expect(sum).toBeCloseTo(normalCdf(1), 6)
})
