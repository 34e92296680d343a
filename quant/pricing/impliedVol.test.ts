import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { VOL_STATUS } from '../chain/volStatus.ts'
import { black76 } from './black76.ts'
import { impliedVol, type ImpliedVolInput } from './impliedVol.ts'
import { normalisedVega } from './normalisedBlack.ts'

const REFERENCE = resolve(import.meta.dirname, '../../../shared/reference/black-scholes.csv')
const SEEDED = { seed: 20261120 }
const NO_TIME_VALUE = new Set(['at_intrinsic', 'below_intrinsic', 'above_maximum'])
const REASONS = new Set(Object.keys(VOL_STATUS))

/** Discounted ∂price/∂vol. */
function vegaOf(option: Omit<ImpliedVolInput, 'price' | 'right'>, vol: number): number {
  const { forward, strike, discount, years } = option
  const root = Math.sqrt(years)
  const x = Math.abs(Math.log(forward / strike))
  return discount * Math.sqrt(forward * strike) * normalisedVega(x, vol * root) * root
}

describe('reference table', () => {
  test.skipIf(!existsSync(REFERENCE))(
    'every volatility, to what the price and the forward carry of it',
    () => {
      const rows: Record<string, string>[] = parse(readFileSync(REFERENCE), { columns: true })
      let withinBillionth = 0
      for (const row of rows) {
        const [spot, strike, years] = [Number(row.spot), Number(row.strike), Number(row.days) / 365]
        const [price, vol] = [Number(row.price), Number(row.vol)]
        const option = {
          forward: spot * Math.exp((Number(row.rate) - Number(row.yield)) * years),
          strike,
          discount: Math.exp(-Number(row.rate) * years),
          years,
        }
        const answer = impliedVol({ ...option, right: row.type === 'C' ? 'call' : 'put', price })
        if (!answer.ok) throw new Error(`${answer.reason}: ${Object.values(row).join(',')}`)
        const conditioning = (price + Math.abs(Number(row.delta)) * spot) / vegaOf(option, vol)
        const error = Math.abs(answer.vol - vol)
        expect(error).toBeLessThan(8 * Number.EPSILON * (vol + conditioning))
        if (error <= 1e-9) withinBillionth++
      }
      expect(withinBillionth).toBe(600)
    },
  )
})

describe('properties', () => {
  const MINUTE = 1 / 525_600
  const option = fc.record({
    forward: fc.double({ min: 0.5, max: 1e5, noNaN: true }),
    years: fc.double({ min: MINUTE, max: 3, noNaN: true }),
    discount: fc.double({ min: 0.7, max: 1.02, noNaN: true }),
    vol: fc.double({ min: 0.01, max: 5, noNaN: true }),
    /** Distance from the money in standard deviations: deep wings at any time to expiry. */
    deviations: fc.double({ min: -12, max: 12, noNaN: true }),
    right: fc.constantFrom('call' as const, 'put' as const),
  })

  test('any price of a real volatility gives it back, or has no time value left to show', () => {
    fc.assert(
      fc.property(option, ({ deviations, vol, ...rest }) => {
        const strike = rest.forward * Math.exp(deviations * vol * Math.sqrt(rest.years))
        const price = black76({ ...rest, strike, vol })
        const answer = impliedVol({ ...rest, strike, price })
        const vega = vegaOf({ ...rest, strike }, vol)
        const bound = 8 * Number.EPSILON * (vol + price / vega)
        // Past a tenth of the answer the price says nothing finer than "some volatility", and no more is promised.
        const undetermined = bound > 0.1 * vol
        const recovered = answer.ok && (undetermined || Math.abs(answer.vol - vol) < bound)
        const rounding = Number.EPSILON * (price + rest.discount * strike)
        const lost = !answer.ok && NO_TIME_VALUE.has(answer.reason) && rounding > 1e-4 * vega * vol
        expect(recovered || lost).toBe(true)
      }),
      { ...SEEDED, numRuns: 5000 },
    )
  })

  test('whatever the numbers, the answer is a finite positive volatility or a reason', () => {
    fc.assert(
      fc.property(
        fc.record({
          forward: fc.double(),
          strike: fc.double(),
          discount: fc.double(),
          years: fc.double(),
          right: fc.constantFrom('call' as const, 'put' as const),
          price: fc.double(),
        }),
        (input) => {
          const answer = impliedVol(input)
          const closed = answer.ok ? answer.vol > 0 && answer.vol < Infinity : REASONS.has(answer.reason)
          expect(closed).toBe(true)
        },
      ),
      { ...SEEDED, numRuns: 5000 },
    )
  })

  test('a price strictly between the bounds always has a volatility that reproduces it', () => {
    const share = fc.double({ min: 1e-6, max: 0.999, noNaN: true })
    const moneyness = fc.double({ min: 0.05, max: 20, noNaN: true })
    fc.assert(
      fc.property(share, moneyness, (share, moneyness) => {
        const forward = 100
        const strike = forward * moneyness
        const intrinsic = Math.max(0, forward - strike)
        const price = intrinsic + share * (forward - intrinsic)
        const input = { forward, strike, discount: 1, years: 0.25, right: 'call' as const }
        const answer = impliedVol({ ...input, price })
        if (!answer.ok) throw new Error(answer.reason)
        expect(Math.abs(black76({ ...input, vol: answer.vol }) - price)).toBeLessThan(1e-12 * price)
      }),
      SEEDED,
    )
  })
})

describe('reasons', () => {
  const call = { forward: 100, strike: 90, discount: 0.98, years: 0.1, right: 'call' as const, price: 10 }

  test.each([
    ['not_finite', { price: NaN }],
    ['not_finite', { forward: Infinity }],
    ['not_positive', { forward: 0 }],
    ['not_positive', { discount: -1 }],
    ['expired', { years: 0 }],
    ['expired', { years: -1e-9 }],
    ['below_intrinsic', { price: 9.79 }],
    ['below_intrinsic', { strike: 110, price: -0.01 }],
    ['at_intrinsic', { price: 9.8 }],
    ['at_intrinsic', { strike: 110, price: 0 }],
    ['above_maximum', { price: 98 }],
    ['above_maximum', { price: 120 }],
    ['above_maximum', { right: 'put' as const, price: 0.98 * 90 }],
  ])('%s for %o', (reason, change) => {
    expect(impliedVol({ ...call, ...change })).toEqual({ ok: false, reason })
  })

  test('just inside either bound there is a volatility', () => {
    expect(impliedVol({ ...call, price: 9.8 + 1e-9 }).ok).toBe(true)
    expect(impliedVol({ ...call, price: 98 - 1e-9 }).ok).toBe(true)
  })
})
