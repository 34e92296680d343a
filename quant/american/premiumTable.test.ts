import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { greeks } from '../pricing/blackScholes.ts'
import { americanGreeks } from './americanOption.ts'
import type { UnitPremium } from './exercisePremium.ts'
import { createPremiumTable, premiumAt, premiumGreeksAt } from './premiumTable.ts'

// Chains as they are listed: volatilities over a decade, a day to two years, carry of either sign.
const drawn = fc.record({
  years: fc.double({ min: 1 / 365, max: 2, noNaN: true }),
  rate: fc.double({ min: 0.005, max: 0.06, noNaN: true }),
  dividendYield: fc.double({ min: 0, max: 0.06, noNaN: true }),
  lowVol: fc.double({ min: 0.1, max: 0.2, noNaN: true }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  deviations: fc.double({ min: 0, max: 2.5, noNaN: true }),
})

describe('against a boundary solved for the one option', () => {
  test('a premium at or out of the money is within 3e-6 of the strike, its delta within 1e-3', () => {
    fc.assert(
      fc.property(drawn, ({ years, rate, dividendYield, lowVol, share, deviations }) => {
        const vol = lowVol * 8 ** share
        const totalVol = vol * Math.sqrt(years)
        const table = createPremiumTable(
          rate * years,
          dividendYield * years,
          lowVol * Math.sqrt(years),
          8 * lowVol * Math.sqrt(years),
        )
        const y = deviations * totalVol
        const option = {
          spot: Math.exp(y),
          strike: 1,
          years,
          rate,
          dividendYield,
          vol,
          right: 'put' as const,
        }
        const exact = americanGreeks(option)
        if (!exact.ok || exact.method === 'exercised') return
        const european = greeks(option)
        const unit: UnitPremium = { value: 0, byY: 0, byYY: 0, byYYY: 0, byV: 0, byYV: 0 }
        expect(premiumGreeksAt(table, y, totalVol, unit)).toBeGreaterThan(0)
        expect(Math.abs(unit.value - (exact.greeks.price - european.price))).toBeLessThan(3e-6)
        expect(Math.abs(unit.value - premiumAt(table, y, totalVol))).toBeLessThan(1e-12)
        const delta = unit.byY * Math.exp(-y)
        expect(Math.abs(delta - (exact.greeks.delta - european.delta))).toBeLessThan(1e-3)
      }),
      { seed: 20261120, numRuns: 100, endOnFailure: true },
    )
  })
})

const YEARS = 0.25
const table = createPremiumTable(0.04 * YEARS, 0.01 * YEARS, 0.08 * Math.sqrt(YEARS), 0.8 * Math.sqrt(YEARS))

test('past the boundary there is no premium to add', () => {
  const unit: UnitPremium = { value: 7, byY: 0, byYY: 0, byYYY: 0, byV: 0, byYV: 0 }
  expect(premiumAt(table, -0.5, 0.1)).toBeNaN()
  expect(premiumGreeksAt(table, -0.5, 0.1, unit)).toBeLessThan(0)
  expect(unit.value).toBe(7)
})

test('slopes are those of the premium itself, the move of the boundary included', () => {
  const unit: UnitPremium = { value: 0, byY: 0, byYY: 0, byYYY: 0, byV: 0, byYV: 0 }
  premiumGreeksAt(table, 0.01, 0.1, unit)
  const at = (y: number, v: number): number => premiumAt(table, y, v)
  const h = 1e-4
  expect((at(0.01 + h, 0.1) - at(0.01 - h, 0.1)) / (2 * h)).toBeCloseTo(unit.byY, 7)
  expect((at(0.01 + h, 0.1) - 2 * at(0.01, 0.1) + at(0.01 - h, 0.1)) / (h * h)).toBeCloseTo(unit.byYY, 5)
  expect((at(0.01, 0.1 + h) - at(0.01, 0.1 - h)) / (2 * h)).toBeCloseTo(unit.byV, 6)
})

test('outside its volatilities a table answers with the boundary of the nearest', () => {
  const value = premiumAt(table, 0.01, 0.9)
  expect(value).toBeGreaterThan(0)
  expect(value).toBeLessThan(0.04 * YEARS)
})
