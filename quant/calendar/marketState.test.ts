import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CalendarId } from './exchangeCalendars.ts'
import { marketState } from './marketState.ts'

/** State, the date of its session and the next change, as one line. */
function at(calendar: CalendarId, instant: string): string {
  const { state, session, nextChangeMs } = marketState(calendar, Date.parse(instant))
  return `${state} ${session?.date} → ${nextChangeMs === null ? 'never' : new Date(nextChangeMs).toISOString()}`
}

describe('XNYS', () => {
  test.each([
    ['2026-11-20T08:59:59.999Z', 'closed 2026-11-20 → 2026-11-20T09:00:00.000Z'],
    ['2026-11-20T09:00:00Z', 'pre 2026-11-20 → 2026-11-20T14:30:00.000Z'],
    ['2026-11-20T14:29:59.999Z', 'pre 2026-11-20 → 2026-11-20T14:30:00.000Z'],
    ['2026-11-20T14:30:00Z', 'open 2026-11-20 → 2026-11-20T21:00:00.000Z'],
    ['2026-11-20T21:00:00Z', 'post 2026-11-20 → 2026-11-21T01:00:00.000Z'],
    ['2026-11-21T01:00:00Z', 'closed 2026-11-23 → 2026-11-23T09:00:00.000Z'],
  ])('at %s: %s', (instant, expected) => {
    expect(at('XNYS', instant)).toBe(expected)
  })

  test('a half-day turns to post at 13:00 and ends at 17:00', () => {
    expect(at('XNYS', '2026-11-27T17:59:59.999Z')).toBe('open 2026-11-27 → 2026-11-27T18:00:00.000Z')
    expect(at('XNYS', '2026-11-27T18:00:00Z')).toBe('post 2026-11-27 → 2026-11-27T22:00:00.000Z')
    expect(at('XNYS', '2026-11-27T22:00:00Z')).toBe('closed 2026-11-30 → 2026-11-30T09:00:00.000Z')
  })

  test('a holiday is closed all day and says why', () => {
    const thanksgiving = marketState('XNYS', Date.parse('2026-11-26T18:00:00Z'))
    expect(thanksgiving).toMatchObject({
      state: 'closed',
      closure: { reason: 'holiday', name: 'Thanksgiving Day' },
    })
    expect(thanksgiving.session?.date).toBe('2026-11-27')
  })

  test('in the repeated hour of the autumn DST Sunday it is closed until Monday', () => {
    expect(at('XNYS', '2026-11-01T06:30:00Z')).toBe('closed 2026-11-02 → 2026-11-02T09:00:00.000Z')
  })
})

describe('XCBO', () => {
  test('the overnight session of Monday begins on Sunday evening, also on a DST Sunday', () => {
    expect(at('XCBO', '2026-03-09T00:14:59.999Z')).toBe('closed 2026-03-09 → 2026-03-09T00:15:00.000Z')
    expect(at('XCBO', '2026-03-09T00:15:00Z')).toBe('pre 2026-03-09 → 2026-03-09T13:30:00.000Z')
  })

  test('trades 15 minutes past the equity close, then the curb session to 17:00', () => {
    expect(at('XCBO', '2026-11-19T21:10:00Z')).toBe('open 2026-11-19 → 2026-11-19T21:15:00.000Z')
    expect(at('XCBO', '2026-11-19T21:15:00Z')).toBe('post 2026-11-19 → 2026-11-19T22:00:00.000Z')
    expect(at('XCBO', '2026-11-19T22:00:00Z')).toBe('closed 2026-11-20 → 2026-11-20T01:15:00.000Z')
  })
})

test('XNSE opens at 09:15 India time', () => {
  expect(at('XNSE', '2026-11-20T03:44:59.999Z')).toBe('pre 2026-11-20 → 2026-11-20T03:45:00.000Z')
  expect(at('XNSE', '2026-11-20T03:45:00Z')).toBe('open 2026-11-20 → 2026-11-20T10:10:00.000Z')
})

test('past the last date there is no next change', () => {
  expect(marketState('XNYS', Date.parse('2101-01-01'))).toMatchObject({
    state: 'closed',
    session: null,
    nextChangeMs: null,
  })
})

test('the state holds until nextChangeMs and differs from it on', () => {
  const calendars = fc.constantFrom<CalendarId>('XNYS', 'XCBO', 'XNSE')
  const instants = fc.integer({ min: Date.parse('2022-06-01'), max: Date.parse('2028-12-01') })
  fc.assert(
    fc.property(calendars, instants, (calendar, ms) => {
      const now = marketState(calendar, ms)
      if (now.nextChangeMs === null) throw new Error('no next change')
      expect(now.nextChangeMs).toBeGreaterThan(ms)
      expect(marketState(calendar, now.nextChangeMs - 1).state).toBe(now.state)
      expect(marketState(calendar, now.nextChangeMs).state).not.toBe(now.state)
    }),
    { numRuns: 300 },
  )
})
