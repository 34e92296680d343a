import { expect, test } from 'vitest'
import { calendarCheck, flagCalendarArbitrage } from './calendarArbitrage.ts'
import { flatFit, sviFit } from './sampleSmiles.ts'

test('smiles that widen with the square root of time do not cross', () => {
  const fits = [7, 30, 60, 90].map((days) => sviFit(days))
  expect(flagCalendarArbitrage(fits).map(({ flags }) => flags)).toEqual([[], [], [], []])
})

test('total variance that falls is found, measured in vol points of the earlier expiry', () => {
  const [earlier, later] = [flatFit(30, 0.2), flatFit(31, 0.19)]
  const check = calendarCheck(earlier, later)
  expect(check.isArbitrage).toBe(true)
  expect(check.worstVolPts).toBeCloseTo(100 * (0.2 - 0.19 * Math.sqrt(31 / 30)), 10)
  expect(flagCalendarArbitrage([earlier, later]).map(({ flags }) => flags)).toEqual([[], ['ARB_CALENDAR']])
})

test('smiles that cross only on one side are found, on that side', () => {
  const earlier = sviFit(30, { rho: -0.09 })
  const steeper = sviFit(30, { rho: 0.2 })
  const later = { ...steeper, years: 32 / 365, atmVol: steeper.atmVol * Math.sqrt(30 / 32) }
  const check = calendarCheck(earlier, later)
  expect(check.isArbitrage).toBe(true)
  expect(check.k).toBeLessThan(0)
})

test('a crossing inside the noise of two fits is measured but not flagged', () => {
  const check = calendarCheck(flatFit(30, 0.2), flatFit(30.01, 0.1995))
  expect(check.worstVolPts).toBeGreaterThan(0)
  expect(check.isArbitrage).toBe(false)
})
