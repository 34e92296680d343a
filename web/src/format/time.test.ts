import { describe, expect, test } from 'vitest'
import { age, clock, date, marketZone, settlementNames } from './time.ts'

describe('time', () => {
  const winterAfternoon = Date.parse('2026-11-20T19:30:05Z')

  test('dollar markets are told in New York time, rupee markets in Indian time', () => {
    expect(`${clock(winterAfternoon, marketZone('USD'))} ${marketZone('USD').label}`).toBe('14:30:05 ET')
    expect(`${clock(winterAfternoon, marketZone('INR'))} ${marketZone('INR').label}`).toBe('01:00:05 IST')
    expect(date(winterAfternoon, marketZone('INR'))).toBe('Nov 21, 2026')
  })

  test('two settlements on one date are told apart by half of the day', () => {
    const days = ['2026-12-18T14:30:00Z', '2026-12-18T21:00:00Z', '2026-12-24T18:00:00Z'].map((at) =>
      Date.parse(at),
    )
    expect(settlementNames(days, marketZone('USD'))).toEqual([
      'Dec 18, 2026 AM',
      'Dec 18, 2026 PM',
      'Dec 24, 2026',
    ])
  })

  test('summer time is New York’s, and midnight is 00', () => {
    expect(clock(Date.parse('2026-07-01T04:00:00Z'), marketZone('USD'))).toBe('00:00:00')
  })

  test.each([
    [-500, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [5 * 3_600_000, '5 h'],
    [12.5 * 86_400_000, '12 d'],
  ])('an age of %i ms is %s', (ms, expected) => {
    expect(age(ms)).toBe(expected)
  })
})
