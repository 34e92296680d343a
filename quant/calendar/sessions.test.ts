import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CalendarId } from './exchangeCalendars.ts'
import {
  addDays,
  dateOfDayNumber,
  dayNumber,
  FRIDAY,
  nthWeekday,
  SATURDAY,
  SUNDAY,
  THURSDAY,
  weekday,
} from './isoDate.ts'
import { projectedHoliday } from './indiaSpecialDays.ts'
import { marketState } from './marketState.ts'
import { nextSession, previousSession, sessionDateAt, sessionOn, type Session } from './sessions.ts'

const VECTORS = join(import.meta.dirname, '../../../shared/vectors/calendar')

const CLOSED_2001 = ['2001-09-11', '2001-09-12', '2001-09-13', '2001-09-14']

interface Hours {
  readonly openMs: number
  readonly closeMs: number
}

function dayAfterThanksgiving(year: number): string {
  return addDays(nthWeekday(year, 11, THURSDAY, 4), 1)
}

function mustBeOpen(calendar: CalendarId, date: string): Session {
  const day = sessionOn(calendar, date)
  if (day.status !== 'open') throw new Error(`${calendar} ${date} is closed: ${day.reason}`)
  return day
}

function closedWeekdays(calendar: CalendarId, year: number): string[] {
  return daysOf(`${year}-01-01`, `${year}-12-31`).filter((date) => {
    const day = sessionOn(calendar, date)
    return day.status === 'closed' && day.reason !== 'weekend'
  })
}

function earlyCloses(year: number): string[] {
  return daysOf(`${year}-01-01`, `${year}-12-31`).filter((date) => {
    const day = sessionOn('XNYS', date)
    return day.status === 'open' && day.earlyClose
  })
}

function daysOf(from: string, to: string): string[] {
  return Array.from({ length: dayNumber(to) - dayNumber(from) + 1 }, (_, i) => addDays(from, i))
}

function readVector(file: string): Map<string, Hours> {
  const rows = readFileSync(join(VECTORS, file), 'utf8').trim().split('\n').slice(1)
  return new Map(
    rows.map((row) => {
      const [date = '', open = '', close = ''] = row.split(',')
      return [date.slice(0, 10), { openMs: Date.parse(open), closeMs: Date.parse(close) }]
    }),
  )
}

describe.skipIf(!existsSync(VECTORS))('against independent session calendars (../shared/vectors)', () => {
  test('XNYS: every day of 1990-01-01 … 2023-01-13, open and close to the millisecond', () => {
    const reference = readVector('xnys.csv')
    const ours = new Map<string, Hours>()
    for (const date of daysOf('1990-01-01', '2023-01-13')) {
      const day = sessionOn('XNYS', date)
      if (day.status === 'open') ours.set(date, { openMs: day.openMs, closeMs: day.closeMs })
    }
    expect(ours.size).toBe(8324)
    expect(ours).toEqual(reference)
  })

  // The reference knows one options half-day a year, the day after Thanksgiving, and lists the week of 11 September
  // 2001 as open. Cboe closes at 13:15 on the other half-days too and was shut that week; nothing else may differ.
  test('XCBO: every day of 1993-01-01 … 2023-05-23, except where the reference is known to be wrong', () => {
    const reference = readVector('xcbf.csv')
    const dates = daysOf('1993-01-01', '2023-05-23')
    const whereNot = (same: (ours: Session | null, theirs: Hours | undefined) => boolean): string[] =>
      dates.filter((date) => {
        const day = sessionOn('XCBO', date)
        return !same(day.status === 'open' ? day : null, reference.get(date))
      })

    const otherHalfDays = Array.from({ length: 31 }, (_, i) => 1993 + i)
      .flatMap((year) => earlyCloses(year).filter((date) => date !== dayAfterThanksgiving(year)))
      .filter((date) => date <= '2023-05-23')
    expect(otherHalfDays).toHaveLength(35)
    expect(whereNot((ours, theirs) => ours?.openMs === theirs?.openMs)).toEqual(CLOSED_2001)
    expect(whereNot((ours, theirs) => ours?.closeMs === theirs?.closeMs)).toEqual(
      [...CLOSED_2001, ...otherHalfDays].toSorted(),
    )
  })
})

// NYSE Group, "Holiday and Early Closings Calendar", announcements for 2022–24, 2025–27 and 2026–28.
describe('announced New York closures', () => {
  const announced: [year: number, closed: string, early: string][] = [
    [2023, '01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25', '07-03 11-24'],
    [2024, '01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25', '07-03 11-29 12-24'],
    [2025, '01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25', '07-03 11-28 12-24'],
    [2026, '01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25', '11-27 12-24'],
    [2027, '01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24', '11-26'],
    [2028, '01-17 02-21 04-14 05-29 06-19 07-04 09-04 11-23 12-25', '07-03 11-24'],
  ]
  test.each(announced)('%i', (year, closed, early) => {
    const inYear = (days: string): string[] => days.split(' ').map((day) => `${year}-${day}`)
    expect(closedWeekdays('XNYS', year)).toEqual(inYear(closed))
    expect(closedWeekdays('XCBO', year)).toEqual(inYear(closed))
    expect(earlyCloses(year)).toEqual(inYear(early))
  })

  test('days of mourning are special closures, with their name', () => {
    expect(sessionOn('XNYS', '2025-01-09')).toEqual({
      status: 'closed',
      date: '2025-01-09',
      reason: 'special_closure',
      name: 'Day of mourning, Jimmy Carter',
    })
  })

  test('a Saturday New Year is not observed on Friday', () => {
    expect(sessionOn('XNYS', '2027-12-31')).toMatchObject({ status: 'open', earlyClose: false })
  })
})

test('on a half-day equities close at 13:00 and eligible options at 13:15', () => {
  const cboe = mustBeOpen('XCBO', '2026-11-27')
  expect(new Date(cboe.underlyingCloseMs).toISOString()).toBe('2026-11-27T18:00:00.000Z')
  expect(new Date(cboe.closeMs).toISOString()).toBe('2026-11-27T18:15:00.000Z')
  const nyse = mustBeOpen('XNYS', '2026-11-27')
  expect(nyse.closeMs).toBe(cboe.underlyingCloseMs)
})

test('the sessions around both DST Sundays of 2026 open at 09:30 New York', () => {
  expect(new Date(mustBeOpen('XNYS', '2026-03-06').openMs).toISOString()).toBe('2026-03-06T14:30:00.000Z')
  expect(new Date(mustBeOpen('XNYS', '2026-03-09').openMs).toISOString()).toBe('2026-03-09T13:30:00.000Z')
  expect(new Date(mustBeOpen('XNYS', '2026-10-30').openMs).toISOString()).toBe('2026-10-30T13:30:00.000Z')
  expect(new Date(mustBeOpen('XNYS', '2026-11-02').openMs).toISOString()).toBe('2026-11-02T14:30:00.000Z')
})

describe('XNSE', () => {
  test('index options close at 15:30 and, from the closing auction on, at 15:40', () => {
    const before = mustBeOpen('XNSE', '2026-07-31')
    expect(new Date(before.closeMs).toISOString()).toBe('2026-07-31T10:00:00.000Z')
    const after = mustBeOpen('XNSE', '2026-08-03')
    expect(new Date(after.closeMs).toISOString()).toBe('2026-08-03T10:10:00.000Z')
    expect(new Date(after.underlyingCloseMs).toISOString()).toBe('2026-08-03T10:00:00.000Z')
  })

  test('holidays close it, budget weekends and muhurat evenings open it', () => {
    expect(sessionOn('XNSE', '2026-11-10')).toMatchObject({ status: 'closed', reason: 'holiday' })
    expect(sessionOn('XNSE', '2023-06-28')).toMatchObject({ status: 'open' })
    expect(sessionOn('XNSE', '2023-06-29')).toMatchObject({ status: 'closed' })
    expect(sessionOn('XNSE', '2025-02-01')).toMatchObject({ status: 'open', name: 'Union Budget' })
    expect(new Date(mustBeOpen('XNSE', '2025-10-21').openMs).toISOString()).toBe('2025-10-21T08:15:00.000Z')
  })

  test('has the announced number of holidays a year, each on a weekday as the circulars list them', () => {
    const holidays = [2022, 2023, 2024, 2025, 2026].map((year) => closedWeekdays('XNSE', year))
    expect(holidays.map((dates) => dates.length)).toEqual([12, 15, 16, 13, 16])
    expect(holidays.flat().filter((date) => weekday(date) === SATURDAY || weekday(date) === SUNDAY)).toEqual(
      [],
    )
  })

  test('beyond the announced holidays a session is only projected', () => {
    expect(mustBeOpen('XNSE', '2026-12-31').projected).toBe(false)
    expect(mustBeOpen('XNSE', '2027-01-25').projected).toBe(true)
  })

  test('and of its holidays those are kept that do not follow the moon', () => {
    expect(closedWeekdays('XNSE', 2027)).toEqual(['2027-01-26', '2027-03-26', '2027-04-14'])
    expect(closedWeekdays('XNSE', 2028)).toEqual(
      ['01-26', '04-14', '05-01', '08-15', '10-02', '12-25'].map((day) => `2028-${day}`),
    )
    expect(sessionOn('XNSE', '2027-01-26')).toMatchObject({ name: 'Republic Day, projected' })
  })

  test('the projection would have been right in every year that is known', () => {
    const projected = daysOf('2022-01-01', '2026-12-31').filter(
      (date) =>
        projectedHoliday(date) !== undefined && weekday(date) !== SATURDAY && weekday(date) !== SUNDAY,
    )
    expect(projected).toHaveLength(29)
    for (const date of projected) expect(sessionOn('XNSE', date).status).toBe('closed')
  })
})

describe('DERIBIT', () => {
  test('trades every day of the year, weekends and Christmas too, from one 08:00 UTC to the next', () => {
    expect(
      daysOf('2026-01-01', '2026-12-31').filter((d) => sessionOn('DERIBIT', d).status !== 'open'),
    ).toEqual([])
    const saturday = mustBeOpen('DERIBIT', '2026-12-26')
    expect(saturday.openMs).toBe(mustBeOpen('DERIBIT', '2026-12-25').postCloseMs)
    expect(new Date(saturday.closeMs).toISOString()).toBe('2026-12-26T08:00:00.000Z')
    expect(saturday.projected).toBe(false)
  })

  test('is open at every instant, in the session that ends next', () => {
    const instant = fc.integer({ min: Date.parse('2021-01-01'), max: Date.parse('2030-12-31') })
    fc.assert(
      fc.property(instant, (ms) => {
        const { state, session } = marketState('DERIBIT', ms)
        expect(state).toBe('open')
        expect(sessionDateAt('DERIBIT', ms)).toBe(session?.date)
        expect(session?.closeMs).toBeGreaterThan(ms)
      }),
    )
    expect(sessionDateAt('DERIBIT', Date.parse('2026-12-25T07:59:59.999Z'))).toBe('2026-12-25')
    expect(sessionDateAt('DERIBIT', Date.parse('2026-12-25T08:00:00Z'))).toBe('2026-12-26')
  })
})

describe('dates without an answer', () => {
  test.each(['2026-02-30', 'tomorrow', ''])('%j is an invalid date', (date) => {
    expect(sessionOn('XNYS', date)).toMatchObject({ status: 'closed', reason: 'invalid_date' })
    expect(nextSession('XNYS', date)).toBeNull()
  })

  test('before the calendar begins nothing is claimed', () => {
    expect(sessionOn('XNYS', '1989-12-29')).toMatchObject({ reason: 'outside_calendar' })
    expect(previousSession('XNYS', '1990-01-02')).toBeNull()
    expect(nextSession('XNYS', '1929-10-29')?.date).toBe('1990-01-02')
    expect(previousSession('XNYS', '9999-01-01')?.date).toBe('2099-12-31')
    expect(nextSession('XNYS', '2099-12-31')).toBeNull()
  })
})

test('neighbouring sessions skip holidays and weekends', () => {
  expect(nextSession('XNYS', '2026-07-02')?.date).toBe('2026-07-06')
  expect(previousSession('XNYS', '2026-07-06')?.date).toBe('2026-07-02')
  expect(nextSession('XNYS', '2001-09-10')?.date).toBe('2001-09-17')
})

test('sessions are ordered, never overlap, and next and previous undo each other', () => {
  const calendars = fc.constantFrom<CalendarId>('XNYS', 'XCBO', 'XNSE', 'DERIBIT')
  fc.assert(
    fc.property(calendars, fc.integer({ min: 19_000, max: 25_000 }), (calendar, day) => {
      const session = nextSession(calendar, dateOfDayNumber(day))
      if (session === null) throw new Error('no session')
      const following = nextSession(calendar, session.date)
      if (following === null) throw new Error('no session')
      expect(previousSession(calendar, following.date)).toEqual(session)
      const instants = [
        session.preOpenMs,
        session.openMs,
        session.underlyingCloseMs,
        session.closeMs,
        session.postCloseMs,
        following.preOpenMs,
      ]
      expect(instants).toEqual(instants.toSorted((a, b) => a - b))
      expect(session.openMs).toBeLessThan(session.underlyingCloseMs)
    }),
    { numRuns: 300 },
  )
})

describe('sessionDateAt', () => {
  test('before the open the day is still the previous session, also over a weekend', () => {
    expect(sessionDateAt('XNYS', Date.parse('2026-03-09T13:29:59.999Z'))).toBe('2026-03-06')
    expect(sessionDateAt('XNYS', Date.parse('2026-03-09T13:30:00Z'))).toBe('2026-03-09')
    expect(sessionDateAt('XNYS', Date.parse('2026-03-10T02:00:00Z'))).toBe('2026-03-09')
    expect(sessionDateAt('XNYS', Date.parse('2026-11-29T18:00:00Z'))).toBe('2026-11-27')
  })

  test('never runs backwards', () => {
    const instant = fc.integer({ min: Date.parse('2024-01-01'), max: Date.parse('2028-12-31') })
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 10 * 86_400_000 }), (ms, laterBy) => {
        const earlier = sessionDateAt('XNYS', ms) ?? ''
        const later = sessionDateAt('XNYS', ms + laterBy) ?? ''
        expect(earlier <= later).toBe(true)
      }),
    )
  })
})

test('third Fridays are sessions unless a holiday takes them', () => {
  const missing = Array.from({ length: 72 }, (_, i) =>
    nthWeekday(2023 + Math.floor(i / 12), (i % 12) + 1, FRIDAY, 3),
  ).filter((date) => sessionOn('XNYS', date).status === 'closed')
  expect(missing).toEqual(['2025-04-18', '2026-06-19', '2027-06-18'])
  expect(missing.map(weekday)).toEqual([FRIDAY, FRIDAY, FRIDAY])
})
