import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { barsBefore, KEPT_SESSIONS, withPrice, withVol, type SessionBars } from './sessionBars.ts'

const after = (prices: readonly (readonly [number, number])[]): SessionBars =>
  prices.reduce<SessionBars>((bars, [date, price]) => withPrice(bars, date, price), [])

describe('session bars', () => {
  it('hold open, high, low and close of each session', () => {
    const bars = after([
      [20261119, 100],
      [20261119, 90],
      [20261119, 120],
      [20261119, 110],
      [20261120, 111],
    ])
    expect(bars).toEqual([
      { date: 20261119, open: 100, high: 120, low: 90, close: 110, atmVol30: null },
      { date: 20261120, open: 111, high: 111, low: 111, close: 111, atmVol30: null },
    ])
    expect(barsBefore(bars, 20261120).map(({ close }) => close)).toEqual([110])
  })

  it('begin again where a replay does', () => {
    const bars = after([
      [20261118, 1],
      [20261119, 2],
      [20261120, 3],
      [20261119, 4],
    ])
    expect(bars.map(({ date, close }) => [date, close])).toEqual([
      [20261118, 1],
      [20261119, 4],
    ])
  })

  it('keep the last volatility of a session and ignore what is none', () => {
    const bars = withVol(withVol(after([[20261119, 1]]), 20261119, 0.2), 20261119, null)
    expect(bars[0]?.atmVol30).toBe(0.2)
    expect(withVol(bars, 20261120, 0.3)).toEqual(bars)
  })

  it('are bounded, ascending and free of garbage whatever comes', () => {
    const price = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, -1, 0, Infinity))
    const offers = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), price), { maxLength: 600 })
    fc.assert(
      fc.property(offers, (prices) => {
        const bars = after(prices)
        expect(bars.length).toBeLessThanOrEqual(KEPT_SESSIONS)
        for (const [i, { date, open, high, low, close }] of bars.entries()) {
          expect(date).toBeGreaterThan(bars[i - 1]?.date ?? 0)
          expect(low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close)).toBe(true)
        }
      }),
    )
  })
})
