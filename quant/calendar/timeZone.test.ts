import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, dateOfDayNumber, nthWeekday, SUNDAY } from './isoDate.ts'
import {
  INDIA,
  indiaDate,
  NEW_YORK,
  newYorkDate,
  offsetMsAt,
  zonedDate,
  zonedTimeToUtcMs,
} from './timeZone.ts'

const HOUR_MS = 3_600_000
const NINE_THIRTY = 570

const utc = (text: string): number => Date.parse(text)

describe('New York', () => {
  test('is UTC−5 in winter and UTC−4 in summer', () => {
    expect(zonedTimeToUtcMs(NEW_YORK, '2026-01-15', NINE_THIRTY)).toBe(utc('2026-01-15T14:30:00Z'))
    expect(zonedTimeToUtcMs(NEW_YORK, '2026-07-15', NINE_THIRTY)).toBe(utc('2026-07-15T13:30:00Z'))
  })

  test('changes offset at 02:00 local on both DST Sundays of every year from 2007', () => {
    for (let year = 2007; year <= 2037; year++) {
      const spring = utc(`${nthWeekday(year, 3, SUNDAY, 2)}T07:00:00Z`)
      const autumn = utc(`${nthWeekday(year, 11, SUNDAY, 1)}T06:00:00Z`)
      expect([offsetMsAt(NEW_YORK, spring - 1), offsetMsAt(NEW_YORK, spring)]).toEqual([
        -5 * HOUR_MS,
        -4 * HOUR_MS,
      ])
      expect([offsetMsAt(NEW_YORK, autumn - 1), offsetMsAt(NEW_YORK, autumn)]).toEqual([
        -4 * HOUR_MS,
        -5 * HOUR_MS,
      ])
    }
  })

  test('keeps the older DST rules: first Sunday of April until 2006', () => {
    expect(offsetMsAt(NEW_YORK, utc('2006-04-02T06:59:59Z'))).toBe(-5 * HOUR_MS)
    expect(offsetMsAt(NEW_YORK, utc('2006-04-02T07:00:00Z'))).toBe(-4 * HOUR_MS)
  })

  test('a skipped hour moves forward, a repeated hour is the first', () => {
    expect(zonedTimeToUtcMs(NEW_YORK, '2026-03-08', 150)).toBe(utc('2026-03-08T07:30:00Z'))
    expect(zonedTimeToUtcMs(NEW_YORK, '2026-11-01', 90)).toBe(utc('2026-11-01T05:30:00Z'))
    expect(zonedTimeToUtcMs(NEW_YORK, '2026-11-01', 120)).toBe(utc('2026-11-01T07:00:00Z'))
  })

  test('minutes before midnight are the evening before, across a DST Sunday too', () => {
    expect(zonedTimeToUtcMs(NEW_YORK, '2026-03-09', -225)).toBe(utc('2026-03-09T00:15:00Z'))
    expect(zonedTimeToUtcMs(NEW_YORK, '2026-03-08', -225)).toBe(utc('2026-03-08T01:15:00Z'))
  })

  test('the date turns at local midnight', () => {
    expect(newYorkDate(utc('2026-01-01T04:59:59.999Z'))).toBe('2025-12-31')
    expect(newYorkDate(utc('2026-01-01T05:00:00Z'))).toBe('2026-01-01')
  })
})

test('India is UTC+5:30 all year', () => {
  expect(zonedTimeToUtcMs(INDIA, '2026-01-15', 555)).toBe(utc('2026-01-15T03:45:00Z'))
  expect(zonedTimeToUtcMs(INDIA, '2026-07-15', 930)).toBe(utc('2026-07-15T10:00:00Z'))
  expect(indiaDate(utc('2026-07-15T18:30:00Z'))).toBe('2026-07-16')
})

describe('against Intl', () => {
  const zones = fc.constantFrom<typeof NEW_YORK | typeof INDIA>(NEW_YORK, INDIA)

  test('the offset at any instant is the one Intl prints', () => {
    fc.assert(
      fc.property(zones, fc.integer({ min: utc('1990-01-01'), max: utc('2060-01-01') }), (zone, ms) => {
        const printed = new Intl.DateTimeFormat('sv-SE', {
          timeZone: zone,
          dateStyle: 'short',
          timeStyle: 'medium',
        })
        const localMs = utc(`${printed.format(ms).replace(' ', 'T')}Z`) + (ms % 1000)
        expect(offsetMsAt(zone, ms)).toBe(localMs - ms)
        expect(zonedDate(zone, ms)).toBe(printed.format(ms).slice(0, 10))
      }),
      { numRuns: 300 },
    )
  })

  test('trading hours of any date convert to UTC and back', () => {
    fc.assert(
      fc.property(
        zones,
        fc.integer({ min: 7305, max: 32_872 }),
        fc.integer({ min: 4 * 60, max: 24 * 60 - 1 }),
        (zone, day, minutes) => {
          const date = dateOfDayNumber(day)
          const ms = zonedTimeToUtcMs(zone, date, minutes)
          expect(zonedDate(zone, ms)).toBe(date)
          expect((ms + offsetMsAt(zone, ms)) % 86_400_000).toBe(minutes * 60_000)
          expect(zonedDate(zone, zonedTimeToUtcMs(zone, date, -1))).toBe(addDays(date, -1))
        },
      ),
      { numRuns: 300 },
    )
  })
})
