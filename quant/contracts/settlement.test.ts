import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dateOfDayNumber, dayNumber } from '#quant/calendar/isoDate'
import { monthlyExpiryDate, vixMonthlyExpiryDate } from './monthlyExpiry.ts'
import { settlementInstantMs, type SettlementInstant } from './settlement.ts'
import { yearsToExpiry } from './yearsToExpiry.ts'

function settle(root: string, expiryDate: string): SettlementInstant {
  const result = settlementInstantMs({ root, expiryDate })
  if (!result.ok) throw new Error(`${root} ${expiryDate}: ${result.reason}`)
  return result
}

const instant = (root: string, expiryDate: string): string =>
  new Date(settle(root, expiryDate).expiryMs).toISOString()

describe('settlementInstantMs', () => {
  test.each([
    ['SPX opens at 09:30 in summer', 'SPX', '2025-09-19', '2025-09-19T13:30:00.000Z'],
    ['SPXW closes at 16:00 in summer, not 16:15', 'SPXW', '2025-09-19', '2025-09-19T20:00:00.000Z'],
    ['SPX opens at 09:30 in winter', 'SPX', '2026-01-16', '2026-01-16T14:30:00.000Z'],
    ['SPXW closes at 16:00 in winter', 'SPXW', '2026-01-16', '2026-01-16T21:00:00.000Z'],
    ['VIX settles on the Wednesday opening', 'VIX', '2026-11-18', '2026-11-18T14:30:00.000Z'],
    ['a half-day settles at 13:00, not 13:15', 'SPXW', '2026-11-27', '2026-11-27T18:00:00.000Z'],
    ['so does an equity', 'GOOG', '2015-12-24', '2015-12-24T18:00:00.000Z'],
    ['the Friday before a DST Sunday', 'SPY', '2026-03-06', '2026-03-06T21:00:00.000Z'],
    ['the Monday after it', 'SPY', '2026-03-09', '2026-03-09T20:00:00.000Z'],
    ['NIFTY closes at 15:30 India time', 'NIFTY', '2022-03-31', '2022-03-31T10:00:00.000Z'],
    ['and still does under the closing auction', 'NIFTY', '2026-11-17', '2026-11-17T10:00:00.000Z'],
  ])('%s', (_, root, expiryDate, expected) => {
    expect(instant(root, expiryDate)).toBe(expected)
  })

  test('flags say what is unusual, and nothing when nothing is', () => {
    expect(settle('SPXW', '2026-11-20').flags).toEqual([])
    expect(settle('SPX', '2026-11-20').flags).toEqual(['AM_SETTLED'])
    expect(settle('SPXW', '2026-11-27').flags).toEqual(['HALF_DAY'])
    expect(settle('TSLA1', '2026-11-20').flags).toEqual(['ADJ_CONTRACT'])
    expect(settle('TSLA', '2026-11-20').flags).toEqual([])
    expect(settle('SPX', '2031-12-19').flags).toEqual(['AM_SETTLED', 'CALENDAR_PROJECTED'])
  })

  test('an expiry listed on a holiday or a Saturday settles on the session before', () => {
    expect(settle('SPY', '2026-06-19')).toMatchObject({ sessionDate: '2026-06-18', flags: ['EXPIRY_MOVED'] })
    expect(instant('SPX', '2013-09-21')).toBe('2013-09-20T13:30:00.000Z')
    expect(settle('NIFTY', '2026-10-20')).toMatchObject({ sessionDate: '2026-10-19' })
  })

  test('an NSE expiry on a holiday beyond the announced table moves, and is marked as projected', () => {
    expect(settle('NIFTY', '2027-01-26')).toMatchObject({
      sessionDate: '2027-01-25',
      flags: ['EXPIRY_MOVED', 'CALENDAR_PROJECTED'],
    })
  })

  test('NIFTY averages the last half hour until the closing auction replaces it', () => {
    expect(settle('NIFTY', '2026-07-28')).toMatchObject({ averagingMinutes: 30, flags: ['AVG_SETTLE'] })
    expect(settle('NIFTY', '2026-08-04')).toMatchObject({ averagingMinutes: 0, flags: [] })
  })

  test('refuses what is no date or lies outside the calendar', () => {
    expect(settlementInstantMs({ root: 'SPX', expiryDate: '2026-02-30' })).toEqual({
      ok: false,
      reason: 'invalid_date',
    })
    expect(settlementInstantMs({ root: 'SPY', expiryDate: '1987-10-16' })).toEqual({
      ok: false,
      reason: 'outside_calendar',
    })
  })

  test('an AM root always settles before its PM sibling, the same session', () => {
    const siblings = fc.constantFrom(['SPX', 'SPXW'], ['NDX', 'NDXP'], ['RUT', 'RUTW'])
    fc.assert(
      fc.property(
        siblings,
        fc.integer({ min: dayNumber('1993-01-08'), max: dayNumber('2040-12-31') }),
        ([am = '', pm = ''], day) => {
          const date = dateOfDayNumber(day)
          const opening = settle(am, date)
          const closing = settle(pm, date)
          expect(opening.sessionDate).toBe(closing.sessionDate)
          const hours = (closing.expiryMs - opening.expiryMs) / 3_600_000
          expect(hours).toBe(closing.flags.includes('HALF_DAY') ? 3.5 : 6.5)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('a later listed date never settles earlier', () => {
    const days = fc.integer({ min: dayNumber('2000-01-03'), max: dayNumber('2040-12-31') })
    fc.assert(
      fc.property(fc.constantFrom('SPX', 'SPXW', 'AAPL'), days, fc.nat(10), (root, day, later) => {
        expect(settle(root, dateOfDayNumber(day + later)).expiryMs).toBeGreaterThanOrEqual(
          settle(root, dateOfDayNumber(day)).expiryMs,
        )
      }),
      { numRuns: 300 },
    )
  })
})

describe('yearsToExpiry', () => {
  test('is exactly 0 from the settlement instant on and positive one millisecond before', () => {
    const { expiryMs } = settle('SPXW', '2026-11-20')
    expect(yearsToExpiry(expiryMs, expiryMs)).toBe(0)
    expect(yearsToExpiry(expiryMs, expiryMs + 1)).toBe(0)
    expect(yearsToExpiry(expiryMs, expiryMs - 1)).toBe(1 / (365 * 86_400_000))
  })

  test('on a third Friday at 10:00 the AM root is gone and the PM root has six hours', () => {
    const tenOClock = Date.parse('2026-11-20T15:00:00Z')
    expect(yearsToExpiry(settle('SPX', '2026-11-20').expiryMs, tenOClock)).toBe(0)
    expect(yearsToExpiry(settle('SPXW', '2026-11-20').expiryMs, tenOClock)).toBe(6 / (365 * 24))
  })
})

describe('monthly expiries', () => {
  test.each([
    [2008, 3, '2008-03-20'],
    [2014, 4, '2014-04-17'],
    [2019, 4, '2019-04-18'],
    [2022, 4, '2022-04-14'],
    [2025, 4, '2025-04-17'],
    [2026, 6, '2026-06-18'],
    [2026, 11, '2026-11-20'],
    [2027, 6, '2027-06-17'],
    [2028, 12, '2028-12-15'],
  ])('of %i-%i is %s', (year, month, expected) => {
    expect(monthlyExpiryDate(year, month)).toBe(expected)
  })

  test('VIX: a Wednesday, or the Tuesday when it or the Friday 30 days later is a holiday', () => {
    expect(vixMonthlyExpiryDate(2026, 11)).toBe('2026-11-18')
    expect(vixMonthlyExpiryDate(2025, 12)).toBe('2025-12-17')
    expect(vixMonthlyExpiryDate(2026, 5)).toBe('2026-05-19')
    expect(vixMonthlyExpiryDate(2025, 3)).toBe('2025-03-18')
  })

  test('none outside the calendar', () => {
    expect(monthlyExpiryDate(1985, 6)).toBeNull()
  })
})

const LISTED = join(import.meta.dirname, '../../../shared/data/occ/SPX.json')

test.skipIf(!existsSync(LISTED))(
  'every SPX expiry listed by the OCC (../shared/data) is a session, none moved',
  () => {
    const { expirations } = JSON.parse(readFileSync(LISTED, 'utf8')) as { expirations: string[] }
    expect(expirations).toHaveLength(66)
    for (const date of expirations) expect(settle('SPXW', date).sessionDate).toBe(date)
    expect(expirations).toContain(monthlyExpiryDate(2027, 6))
  },
)

const NIFTY_CHAIN = join(import.meta.dirname, '../../../shared/data/nse/NIFTY_2022-03-28.json')

test.skipIf(!existsSync(NIFTY_CHAIN))(
  'every NIFTY expiry listed by the NSE (../shared/data) is a session',
  () => {
    const chain = JSON.parse(readFileSync(NIFTY_CHAIN, 'utf8')) as { records: { expiryDates: string[] } }
    const listed = chain.records.expiryDates.map((text) =>
      dateOfDayNumber(Date.parse(`${text} UTC`) / 86_400_000),
    )
    expect(listed).toHaveLength(21)
    // 2023-06-29 became a holiday after that list was made, and the NSE moved its expiry to the 28th.
    expect(listed.filter((date) => settle('NIFTY', date).sessionDate !== date)).toEqual(['2023-06-29'])
    // Thursday 2022-04-14 was a holiday, so that week's options were listed for Wednesday.
    expect(listed).toContain(settle('NIFTY', '2022-04-14').sessionDate)
  },
)
