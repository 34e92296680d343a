import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  dateOfDayNumber,
  dayNumber,
  FRIDAY,
  lastWeekday,
  MONDAY,
  nthWeekday,
  parseIsoDate,
  weekday,
} from './isoDate.ts'

describe('parseIsoDate', () => {
  test.each([
    '2026-02-30',
    '2026-13-01',
    '2026-00-10',
    '2026-1-1',
    '20260101',
    '',
    '2023-02-29',
    ' 2026-01-01',
  ])('refuses %j', (text) => {
    expect(parseIsoDate(text)).toBeNull()
  })

  test('accepts a leap day', () => {
    expect(parseIsoDate('2028-02-29')).toEqual({ year: 2028, month: 2, day: 29 })
  })
})

test('a date survives conversion to a day number and back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 47_481 }), fc.integer({ min: -400, max: 400 }), (day, step) => {
      const date = dateOfDayNumber(day)
      expect(dayNumber(date)).toBe(day)
      expect(parseIsoDate(date)).not.toBeNull()
      expect(addDays(addDays(date, step), -step)).toBe(date)
      expect(weekday(addDays(date, 7))).toBe(weekday(date))
    }),
  )
})

test('nth and last weekday of a month', () => {
  expect(nthWeekday(2026, 6, FRIDAY, 3)).toBe('2026-06-19')
  expect(nthWeekday(2026, 5, FRIDAY, 1)).toBe('2026-05-01')
  expect(lastWeekday(2027, 5, MONDAY)).toBe('2027-05-31')
  expect(lastWeekday(2026, 2, FRIDAY)).toBe('2026-02-27')
})
