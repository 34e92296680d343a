import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linearTrend } from './linearTrend.ts'

const EPOCH_MS = Date.UTC(2025, 8, 4, 18, 30)

test('a straight line gives its slope, however late the clock', () => {
  const slope = fc.double({ min: -1e6, max: 1e6, noNaN: true })
  const steps = fc.uniqueArray(fc.integer({ min: 0, max: 3600 }), { minLength: 2, maxLength: 50 })
  fc.assert(
    fc.property(slope, steps, (slope, steps) => {
      const times = steps.map((step) => EPOCH_MS + 1000 * step)
      const values = steps.map((step) => 5800 + slope * step)
      const found = linearTrend(times, values) * 1000
      expect(Math.abs(found - slope)).toBeLessThanOrEqual(1e-7 * (1 + Math.abs(slope)))
    }),
  )
})

test('noise that is even about the line does not tilt it', () => {
  expect(linearTrend([0, 1, 2, 3], [1, -1, -1, 1])).toBe(0)
})

test('one instant has no slope', () => {
  expect(linearTrend([], [])).toBeNaN()
  expect(linearTrend([5], [1])).toBeNaN()
  expect(linearTrend([5, 5], [1, 2])).toBeNaN()
})
