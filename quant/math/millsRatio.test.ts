import { describe, expect, test } from 'vitest'
import { fastMillsRatio, fastMillsSum } from './fastMillsRatio.ts'
import { millsRatio } from './millsRatio.ts'

// √(π/2)·e^(z²/2)·erfc(z/√2) at 60 digits.
const EXACT: readonly (readonly [number, number])[] = [
  [-30, 6.785889613061119e195],
  [-8, 1.979307886424692e14],
  [-2.5, 56.69633145773968],
  [-0.3, 1.6201656087067893],
  [0, 1.2533141373155003],
  [0.25, 1.0378245758537268],
  [0.6, 0.8230278177842874],
  [0.7, 0.7748938487793907],
  [1, 0.6556795424187986],
  [1.75, 0.4643069280394422],
  [2, 0.4213692292880545],
  [2.5, 0.3542651113297937],
  [4, 0.23665238291356067],
  [5.5, 0.1763229857571027],
  [6, 0.16237766089686745],
  [8, 0.1231319632579323],
  [12.5, 0.07949752916111721],
  [20, 0.04987592598183679],
  [37, 0.027007327965128336],
  [100, 0.00999900029985011],
  [10000, 0.00009999999900000004],
]

test.each(EXACT)('millsRatio(%f) is exact to 2e-15', (z, exact) => {
  expect(Math.abs(millsRatio(z) / exact - 1)).toBeLessThan(2e-15)
})

describe('fastMillsRatio', () => {
  test.each([
    [2, 2e-15],
    [4, 2e-13],
    [6, 1e-9],
    [8, 1e-8],
    [20, 1e-6],
    [10_000, 2e-5],
  ])('has relative error below its stated bound up to z = %f', (upTo, bound) => {
    const errors = EXACT.filter(([z]) => z >= 0 && z <= upTo).map(([z, exact]) =>
      Math.abs(fastMillsRatio(z) / exact - 1),
    )
    expect(Math.max(...errors)).toBeLessThan(bound)
  })

  test('gives N(−z) to 3e-16 absolute, everywhere', () => {
    for (let z = 0; z < 40; z += 1 / 128) {
      const density = 0.3989422804014327 * Math.exp(-0.5 * z * z)
      expect(Math.abs(density * (fastMillsRatio(z) - millsRatio(z)))).toBeLessThan(3e-16)
    }
  })
})

test('fastMillsSum is the sum or difference of two fast ratios', () => {
  for (let a = 0; a < 12; a += 0.37)
    for (const sign of [1, -1]) {
      const sum = fastMillsRatio(a) + sign * fastMillsRatio(a + 0.5)
      expect(fastMillsSum(a, a + 0.5, sign)).toBeCloseTo(sum, 14)
    }
})
