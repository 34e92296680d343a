import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GAMMA_UNITS, unitFactor, type GammaUnitId } from './exposureUnit.ts'

const SPOT = 1806.1193
const units = Object.keys(GAMMA_UNITS) as GammaUnitId[]

test('per 1.00 times one percent of spot is per 1 %', () => {
  expect(unitFactor('perPoint', 'per1Pct', SPOT)).toBeCloseTo(0.01 * SPOT, 10)
})

test('per 100 % is a hundred times per 1 %', () => {
  expect(unitFactor('per1Pct', 'per100Pct', SPOT)).toBe(100)
})

test('shares per 1.00 times spot is currency per 1.00', () => {
  expect(unitFactor('sharesPerPoint', 'perPoint', SPOT)).toBe(SPOT)
})

test('a crore is ten million', () => {
  expect(1e7 * unitFactor('per1Pct', 'crorePer1Pct', SPOT)).toBeCloseTo(1, 12)
})

test('there and back is one, and any way round gives the same', () => {
  const unit = fc.constantFrom(...units)
  fc.assert(
    fc.property(unit, unit, unit, fc.double({ min: 0.5, max: 1e5, noNaN: true }), (a, b, c, spot) => {
      expect(unitFactor(a, b, spot) * unitFactor(b, a, spot)).toBeCloseTo(1, 12)
      const direct = unitFactor(a, c, spot)
      expect((unitFactor(a, b, spot) * unitFactor(b, c, spot)) / direct).toBeCloseTo(1, 12)
    }),
  )
})
