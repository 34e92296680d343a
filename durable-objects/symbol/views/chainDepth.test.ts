import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nearPart, type Placed } from './chainDepth.ts'

const DATES = ['2035-11-15', '2035-11-16', '2035-11-19', '2035-12-21']
const STRIKES = [90, 95, 100, 105, 110]
const AS_OF = '2035-11-16T15:00:00.000Z'

const listed = (date: string, strike: number, hour = '21'): Placed => ({
  settlementDate: date,
  expiry: `${date}T${hour}:00:00.000Z`,
  strike,
})
const CHAIN = DATES.flatMap((date) => STRIKES.map((strike) => listed(date, strike)))

const strikesOf = (listings: readonly Placed[], date: string) =>
  listings.filter(({ settlementDate }) => settlementDate === date).map(({ strike }) => strike)
const datesOf = (listings: readonly Placed[]) => [
  ...new Set(listings.map(({ settlementDate }) => settlementDate)),
]

describe('nearPart', () => {
  it('is the dates that settle next, those that settled last', () => {
    const dates = (expiries: number) =>
      datesOf(nearPart(CHAIN, { spot: 100, asOf: AS_OF }, { expiries, strikesEachSide: 9 }).listings)
    expect(dates(1)).toEqual(['2035-11-16'])
    expect(dates(3)).toEqual(['2035-11-16', '2035-11-19', '2035-12-21'])
    expect(dates(4)).toEqual(DATES)
  })

  it('counts a date as settled once its last contract has', () => {
    const morning = DATES.slice(1).flatMap((date) => [listed(date, 100, '14'), listed(date, 100)])
    const { listings } = nearPart(morning, { spot: 100, asOf: AS_OF }, { expiries: 1, strikesEachSide: 1 })
    expect(listings).toEqual(morning.slice(0, 2))
  })

  it.each([
    [100, [95, 100, 105]],
    [102, [100, 105]],
    [50, [90]],
    [500, [110]],
    [null, [95, 100, 105]],
  ])('is the strikes around a spot of %s', (spot, expected) => {
    const { listings } = nearPart(CHAIN, { spot, asOf: AS_OF }, { expiries: 9, strikesEachSide: 1 })
    for (const date of DATES) expect(strikesOf(listings, date)).toEqual(expected)
  })

  it('says what it left out, and nothing when that is nothing', () => {
    const left = (expiries: number, strikesEachSide: number) =>
      nearPart(CHAIN, { spot: 100, asOf: AS_OF }, { expiries, strikesEachSide }).leftOut
    expect(left(2, 9)).toEqual({ expiries: 2, ofExpiries: 4, strikesEachSide: 9 })
    expect(left(9, 1)).toEqual({ expiries: 4, ofExpiries: 4, strikesEachSide: 1 })
    expect(left(4, 2)).toBeNull()
  })

  it('never has more than it may, of any chain', () => {
    const listing = fc.tuple(fc.constantFrom(...DATES), fc.integer({ min: 1, max: 40 }))
    const chain = fc.array(listing, { maxLength: 80 })
    const limit = fc.integer({ min: 1, max: 6 })
    fc.assert(
      fc.property(
        chain,
        fc.option(fc.nat({ max: 45 })),
        limit,
        limit,
        (rows, spot, expiries, strikesEachSide) => {
          const all = rows
            .map(([date, strike]) => listed(date, strike))
            .sort((a, b) => (a.expiry < b.expiry ? -1 : 1))
          const { listings, leftOut } = nearPart(all, { spot, asOf: AS_OF }, { expiries, strikesEachSide })
          const dates = datesOf(listings)
          expect(dates.length).toBe(Math.min(expiries, datesOf(all).length))
          expect(leftOut === null).toBe(listings.length === all.length)
          for (const date of dates) {
            const strikes = [...new Set(strikesOf(listings, date))]
            expect(strikes.length).toBeLessThanOrEqual(2 * strikesEachSide + 1)
            if (spot === null) continue
            expect(strikes.filter((strike) => strike < spot).length).toBeLessThanOrEqual(strikesEachSide)
            expect(strikes.filter((strike) => strike > spot).length).toBeLessThanOrEqual(strikesEachSide)
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})
