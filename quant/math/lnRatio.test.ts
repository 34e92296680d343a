import { expect, test } from 'vitest'
import { lnRatio } from './lnRatio.ts'

test('keeps every digit where the arguments nearly meet', () => {
  // ln(1 + 2^-40) = 2^-40 − 2^-81 + …
  expect(lnRatio(6000 * (1 + 2 ** -40), 6000)).toBe(2 ** -40 - 2 ** -81)
})

test.each([
  [3, 1],
  [1, 3],
  [1e-3, 1e6],
  [1.49, 1],
  [1.51, 1],
])('ln(%f/%f) agrees with the difference of logarithms', (a, b) => {
  expect(lnRatio(a, b)).toBeCloseTo(Math.log(a) - Math.log(b), 13)
})
