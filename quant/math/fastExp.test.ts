import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fastExp, fastExpNegative } from './fastExp.ts'

const SEEDED = { seed: 20261120 }

test('agrees with Math.exp to 5e-16 over its whole range', () => {
  let worst = 0
  for (let x = -708; x <= 708; x += 0.00731) worst = Math.max(worst, Math.abs(fastExp(x) / Math.exp(x) - 1))
  expect(worst).toBeLessThan(5e-16)
})

test('agrees with Math.exp on arbitrary doubles near zero', () => {
  fc.assert(
    fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (x) => {
      expect(Math.abs(fastExp(x) / Math.exp(x) - 1)).toBeLessThan(5e-16)
    }),
    SEEDED,
  )
})

test('is exactly 1 at 0 and exactly 0 far below', () => {
  expect(fastExp(0)).toBe(1)
  expect(fastExpNegative(-690.5)).toBe(0)
  expect(fastExpNegative(-Infinity)).toBe(0)
})

test('passes NaN through', () => {
  expect(fastExp(NaN)).toBeNaN()
  expect(fastExpNegative(NaN)).toBeNaN()
})
