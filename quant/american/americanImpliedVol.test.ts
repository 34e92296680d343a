import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { impliedVol } from '../pricing/impliedVol.ts'
import { americanImpliedVol } from './americanImpliedVol.ts'
import { americanGreeks } from './americanOption.ts'

const SEEDED = { seed: 20261120, numRuns: 60 }

describe('round trip', () => {
  const option = fc.record({
    spot: fc.constant(100),
    strike: fc.double({ min: 70, max: 140, noNaN: true }),
    years: fc.double({ min: 1 / 365, max: 2, noNaN: true }),
    rate: fc.double({ min: -0.005, max: 0.1, noNaN: true }),
    dividendYield: fc.double({ min: 0, max: 0.1, noNaN: true }),
    vol: fc.double({ min: 0.05, max: 1.2, noNaN: true }),
    right: fc.constantFrom('call' as const, 'put' as const),
  })

  test('recovers the volatility within 1e-8 wherever the price carries it', () => {
    fc.assert(
      fc.property(option, ({ vol, ...terms }) => {
        const exact = americanGreeks({ ...terms, vol })
        if (!exact.ok) throw new Error(exact.reason)
        const { price, vega } = exact.greeks
        const found = americanImpliedVol({ ...terms, price })
        // Rounding of the price, and 1e-11 of convergence of the boundary, over vega.
        const resolution = (1e-11 * terms.strike) / vega
        const recovered = found.ok && Math.abs(found.vol - vol) < Math.max(1e-8, resolution)
        const lost = !found.ok && resolution > 0.01 * vol
        expect(recovered || lost).toBe(true)
      }),
      SEEDED,
    )
  })

  test('an option never exercised early gets the European answer', () => {
    const call = { strike: 105, years: 0.5, right: 'call' as const, price: 4 }
    const found = americanImpliedVol({ ...call, spot: 100, rate: 0.03, dividendYield: 0 })
    const forward = 100 * Math.exp(0.015)
    expect(found).toEqual(impliedVol({ ...call, forward, discount: Math.exp(-0.015) }))
  })
})

describe('no volatility', () => {
  const put = {
    spot: 100,
    strike: 110,
    years: 0.5,
    rate: 0.05,
    dividendYield: 0,
    right: 'put' as const,
    price: 12,
  }

  test.each([
    ['at_intrinsic', { price: 10 }],
    ['below_intrinsic', { price: 9.99 }],
    ['above_maximum', { price: 110 }],
    ['at_intrinsic', { strike: 90, price: 0 }],
    ['below_intrinsic', { strike: 90, price: -1 }],
    ['expired', { years: 0 }],
    ['not_finite', { price: Number.NaN }],
    ['not_finite', { dividendYield: Infinity }],
    ['not_positive', { spot: 0 }],
    // A call on a spot that yields more than the rate is best exercised at some instant in between.
    ['below_intrinsic', { right: 'call' as const, strike: 60, rate: 0.08, dividendYield: 0.06, price: 39 }],
  ])('%s for %o', (reason, change) => {
    expect(americanImpliedVol({ ...put, ...change })).toEqual({ ok: false, reason })
  })

  test('just above intrinsic there is one', () => {
    const found = americanImpliedVol({ ...put, price: 10 + 1e-6 })
    expect(found.ok && found.vol > 0.05).toBe(true)
  })
})
