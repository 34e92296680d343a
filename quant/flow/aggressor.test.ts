import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aggressorOf } from './aggressor.ts'

const NOW_MS = 1_000_000
const TICK = 0.05
const quoted = (bid: number, ask: number, ageMs = 100) => ({ bid, ask, quoteMs: NOW_MS - ageMs })
const at = (price: number, quote = quoted(4, 5)) => aggressorOf({ price, eventMs: NOW_MS }, quote, TICK)

describe('aggressorOf', () => {
  it.each([
    [5.2, 'AA', 0.85],
    [5.05, 'A', 0.85],
    [4.95, 'A', 0.85],
    [4.75, 'IN', 0.75],
    [4.6, 'IN', 0.6],
    [4.5, 'MID', 0.5],
    [4.3, 'IN', 0.3],
    [4.1, 'IN', 0.25],
    [4.05, 'B', 0.15],
    [4, 'B', 0.15],
    [3.5, 'BB', 0.15],
  ])('a print at %d in 4 to 5 is %s', (price, side, pBuy) => {
    const found = at(price)
    expect(found.side).toBe(side)
    expect(found.pBuy).toBeCloseTo(pBuy, 12)
  })

  it('takes a price that is near both sides of a quote narrower than a step for the middle', () => {
    expect(at(4.02, quoted(4, 4.02)).side).toBe('MID')
    expect(at(4.05, quoted(4, 4.05)).side).toBe('A')
  })

  it.each([
    ['bad_price', Number.NaN, quoted(4, 5)],
    ['bad_price', 0, quoted(4, 5)],
    ['no_quote', 4, { bid: 4, ask: 5, quoteMs: Number.NaN }],
    ['quote_later', 4, quoted(4, 5, -1)],
    ['stale_quote', 4, quoted(4, 5, 1_001)],
    ['one_sided', 4, quoted(Number.NaN, 5)],
    ['one_sided', 4, quoted(0, 5)],
    ['one_sided', 4, quoted(4, Number.NaN)],
    ['locked', 4, quoted(4, 4)],
    ['crossed', 4, quoted(5, 4)],
  ])('names no side: %s', (reason, price, quote) => {
    expect(at(price, quote)).toEqual({ side: null, pBuy: null, reason })
  })

  it('knows no side without a time', () => {
    expect(aggressorOf({ price: 4, eventMs: Number.NaN }, quoted(4, 5), TICK).reason).toBe('bad_time')
  })

  it('still trusts a quote of exactly a second ago', () => {
    expect(at(5, quoted(4, 5, 1_000)).side).toBe('A')
  })

  it('is the other side seen in a mirror: p(mirrored) = 1 − p', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 1, max: 60 }),
      fc.nat(90),
      (low, width, place) => {
        // Eighths are exact, so that mirroring does not move a price across an edge.
        const [bid, ask] = [16 + low / 8, 16 + (low + width) / 8]
        const price = bid - 2 + place / 8
        const quote = quoted(bid, ask)
        const side = aggressorOf({ price, eventMs: NOW_MS }, quote, 0.25)
        const mirrored = aggressorOf({ price: bid + ask - price, eventMs: NOW_MS }, quote, 0.25)
        expect((side.pBuy ?? Number.NaN) + (mirrored.pBuy ?? Number.NaN)).toBeCloseTo(1, 12)
      },
    )
    fc.assert(property, { seed: 1, numRuns: 500 })
  })

  it('answers garbage with a probability in [0.15, 0.85] or a reason', () => {
    const property = fc.property(
      fc.double(),
      fc.double(),
      fc.double(),
      fc.double(),
      fc.double(),
      (price, eventMs, bid, ask, quoteMs) => {
        const { pBuy, reason } = aggressorOf({ price, eventMs }, { bid, ask, quoteMs }, TICK)
        expect(reason === null).toBe(pBuy !== null && pBuy >= 0.15 && pBuy <= 0.85)
      },
    )
    fc.assert(property, { seed: 2, numRuns: 1_000 })
  })
})
