import fc from 'fast-check'
import { expect, test } from 'vitest'
import { black76 } from './black76.ts'
import { inverseGreeks } from './inverseOption.ts'

const input = fc.record({
  forward: fc.double({ min: 500, max: 200_000, noNaN: true }),
  moneyness: fc.double({ min: 0.3, max: 3, noNaN: true }),
  years: fc.double({ min: 1 / 365, max: 2, noNaN: true }),
  vol: fc.double({ min: 0.2, max: 2, noNaN: true }),
})

test('the premium in coins is the Black price over the forward, and parity holds in coins', () => {
  fc.assert(
    fc.property(input, ({ forward, moneyness, years, vol }) => {
      const terms = { forward, strike: forward * moneyness, years, vol }
      const call = inverseGreeks({ ...terms, right: 'call' })
      const put = inverseGreeks({ ...terms, right: 'put' })
      expect(call.priceCoins).toBeCloseTo(black76({ ...terms, discount: 1, right: 'call' }) / forward, 12)
      expect(call.priceCoins - put.priceCoins).toBeCloseTo(1 - moneyness, 12)
      expect(call.delta - put.delta).toBeCloseTo(1, 12)
      expect(call.gamma).toBeCloseTo(put.gamma, 12)
    }),
  )
})

test('the premium-adjusted delta is what the coin price does: F · ∂(coins)/∂F', () => {
  fc.assert(
    fc.property(input, ({ forward, moneyness, years, vol }) => {
      const at = (price: number) =>
        inverseGreeks({ forward: price, strike: forward * moneyness, years, vol, right: 'call' })
      const bump = 1e-4
      const slope = (at(forward * (1 + bump)).priceCoins - at(forward * (1 - bump)).priceCoins) / (2 * bump)
      expect(at(forward).premiumAdjustedDelta).toBeCloseTo(slope, 5)
    }),
  )
})

test('what has no value is NaN', () => {
  for (const garbage of [{ forward: 0 }, { strike: -1 }, { years: 0 }, { vol: Number.NaN }]) {
    const option = {
      forward: 30_000,
      strike: 30_000,
      years: 0.1,
      vol: 0.8,
      right: 'call' as const,
      ...garbage,
    }
    expect(Object.values(inverseGreeks(option)).every(Number.isNaN)).toBe(true)
  }
})
