import { expect, test } from 'vitest'
import { underlying, NOW_MS, encoded, modelQuotes, openingTicks, SPOT, stateAfter } from '../testkit.ts'
import { SymbolAnalytics } from '../analytics/symbolAnalytics.ts'
import { VolatilityCache } from './volatilityCache.ts'

/** Figures after the opening and then one tick of spot, `afterMs` later. */
function figuresAfter(analytics: SymbolAnalytics, spot: number, afterMs: number) {
  const at = NOW_MS + afterMs
  const { book } = stateAfter([
    encoded({ sequence: 1 }, openingTicks()),
    encoded({ sequence: 2 }, [...modelQuotes(at), underlying(spot, at)]),
  ])
  return analytics.compute(book)
}

test('fits again after ten seconds of market time, when spot moved or time went back, and not before', () => {
  const analytics = new SymbolAnalytics()
  const cache = new VolatilityCache()
  const first = cache.read(figuresAfter(analytics, SPOT, 0))
  expect(first.expiries.length).toBeGreaterThan(0)
  expect(cache.read(figuresAfter(analytics, SPOT, 9_999))).toBe(first)
  const later = cache.read(figuresAfter(analytics, SPOT, 10_000))
  expect(later).not.toBe(first)
  const moved = cache.read(figuresAfter(analytics, SPOT * 1.003, 10_000))
  expect(moved).not.toBe(later)
  expect(cache.read(figuresAfter(analytics, SPOT * 1.003, 5_000))).not.toBe(moved)
})
