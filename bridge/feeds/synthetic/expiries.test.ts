import { describe, expect, it } from 'vitest'
import { listExpiries } from './expiries.ts'
import { listStrikes } from './strikes.ts'

const dates = (rule: Parameters<typeof listExpiries>[0][number], today: string, nowMs: number) =>
  listExpiries([rule], today, nowMs).map(({ expiryDate }) => expiryDate)

describe('listExpiries', () => {
  const thanksgivingEve = Date.UTC(2026, 10, 25, 15)

  it('lists the next sessions, without holidays and weekends', () => {
    expect(dates({ root: 'SPXW', rule: 'daily', count: 4 }, '2026-11-25', thanksgivingEve)).toEqual([
      '2026-11-25',
      '2026-11-27',
      '2026-11-30',
      '2026-12-01',
    ])
  })

  it('does not list a series that has settled today', () => {
    const afterClose = Date.UTC(2026, 10, 25, 21, 1)
    expect(dates({ root: 'SPXW', rule: 'daily', count: 1 }, '2026-11-25', afterClose)).toEqual(['2026-11-27'])
  })

  it('moves weeklies and monthlies off holidays', () => {
    const june = Date.UTC(2026, 5, 12, 15)
    // 2026-06-19, the third Friday, is Juneteenth.
    expect(dates({ root: 'SPY', rule: 'friday', count: 3 }, '2026-06-12', june)).toEqual([
      '2026-06-12',
      '2026-06-18',
      '2026-06-26',
    ])
    expect(dates({ root: 'SPX', rule: 'usMonthly', count: 2 }, '2026-06-12', june)).toEqual([
      '2026-06-18',
      '2026-07-17',
    ])
  })

  it('lists NIFTY on Tuesdays', () => {
    const friday = Date.UTC(2026, 7, 14, 5)
    expect(dates({ root: 'NIFTY', rule: 'niftyWeekly', count: 2 }, '2026-08-14', friday)).toEqual([
      '2026-08-18',
      '2026-08-25',
    ])
    expect(dates({ root: 'NIFTY', rule: 'niftyMonthly', count: 1 }, '2026-08-14', friday)).toEqual([
      '2026-08-25',
    ])
  })

  it('keeps the AM and the PM series of a third Friday apart, soonest first', () => {
    const listed = listExpiries(
      [
        { root: 'SPXW', rule: 'friday', count: 1 },
        { root: 'SPX', rule: 'usMonthly', count: 1 },
      ],
      '2026-12-14',
      Date.UTC(2026, 11, 14, 15),
    )
    expect(listed.map(({ root, expiryDate, monthly }) => [root, expiryDate, monthly])).toEqual([
      ['SPX', '2026-12-18', true],
      ['SPXW', '2026-12-18', false],
    ])
  })
})

describe('listStrikes', () => {
  it('is fine near the money and wide away from it', () => {
    const strikes = listStrikes(100, [
      { below: 0.02, above: 0.02, step: 1 },
      { below: 0.1, above: 0.06, step: 5 },
    ])
    expect(strikes).toEqual([90, 95, 98, 99, 100, 101, 102, 105])
  })
})
