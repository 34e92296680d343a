import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { greeks, type BlackScholesInput } from '../pricing/blackScholes.ts'
import { binomialAmerican } from '../reference/binomialTree.ts'
import { americanGreeks, americanPrice, intrinsicOf, type AmericanGreeks } from './americanOption.ts'

const REFERENCE = resolve(import.meta.dirname, '../../../shared/reference/black-scholes.csv')
const SEEDED = { seed: 20261120, numRuns: 60 }

function priceOf(option: BlackScholesInput): number {
  const answer = americanPrice(option)
  if (!answer.ok) throw new Error(answer.reason)
  return answer.price
}

function greeksOf(option: BlackScholesInput): AmericanGreeks {
  const answer = americanGreeks(option)
  if (!answer.ok) throw new Error(answer.reason)
  return answer.greeks
}

function tree(option: BlackScholesInput, steps = 400): number {
  const at = (count: number): number => binomialAmerican(option, count, (leaf) => greeks(leaf).price)
  return 2 * at(steps) - at(steps / 2)
}

describe('reference table (QuantLib, QdFp engine)', () => {
  test.skipIf(!existsSync(REFERENCE))('every American price within 6e-8, all but 5 % within 2e-9', () => {
    const rows: Record<string, string>[] = parse(readFileSync(REFERENCE), { columns: true })
    const errors: number[] = []
    for (const row of rows) {
      const option: BlackScholesInput = {
        spot: Number(row.spot),
        strike: Number(row.strike),
        years: Number(row.days) / 365,
        rate: Number(row.rate),
        dividendYield: Number(row.yield),
        vol: Number(row.vol),
        right: row.type === 'C' ? 'call' : 'put',
      }
      // One reference price is 2.5e-4 below what exercising at once earns: there the bound is the right answer.
      const expected = Math.max(Number(row.americanPrice), intrinsicOf(option))
      errors.push(Math.abs(priceOf(option) / expected - 1))
    }
    errors.sort((a, b) => a - b)
    expect(errors).toHaveLength(600)
    expect(errors[599]).toBeLessThan(6e-8)
    expect(errors[569]).toBeLessThan(2e-9)
  })
})

const option = fc.record({
  spot: fc.constant(100),
  strike: fc.double({ min: 60, max: 160, noNaN: true }),
  years: fc.double({ min: 1 / 365, max: 2, noNaN: true }),
  rate: fc.double({ min: 0, max: 0.1, noNaN: true }),
  dividendYield: fc.double({ min: 0, max: 0.1, noNaN: true }),
  vol: fc.double({ min: 0.05, max: 1.2, noNaN: true }),
  right: fc.constantFrom('call' as const, 'put' as const),
})

describe('price', () => {
  test('agrees with a binomial tree', () => {
    fc.assert(
      fc.property(option, (drawn) => {
        expect(Math.abs(priceOf(drawn) - tree(drawn))).toBeLessThan(2e-3 * drawn.strike * drawn.vol)
      }),
      { ...SEEDED, numRuns: 15 },
    )
  })

  test('lies between the larger of European and intrinsic value, and that plus interest and yield', () => {
    fc.assert(
      fc.property(option, (drawn) => {
        const price = priceOf(drawn)
        const floor = Math.max(greeks(drawn).price, intrinsicOf(drawn))
        const carried = drawn.right === 'put' ? drawn.strike * drawn.rate : drawn.spot * drawn.dividendYield
        expect(price).toBeGreaterThanOrEqual(floor)
        expect(price - greeks(drawn).price).toBeLessThanOrEqual(carried * drawn.years + 1e-9)
      }),
      SEEDED,
    )
  })

  test('a call is the put with spot and strike, rate and yield exchanged', () => {
    fc.assert(
      fc.property(option, (drawn) => {
        const { spot, strike, rate, dividendYield } = drawn
        const other = drawn.right === 'call' ? ('put' as const) : ('call' as const)
        const mirror = { spot: strike, strike: spot, rate: dividendYield, dividendYield: rate, right: other }
        expect(Math.abs(priceOf({ ...drawn, ...mirror }) - priceOf(drawn))).toBeLessThan(1e-10 * spot)
      }),
      SEEDED,
    )
  })

  test('rises with volatility and time', () => {
    fc.assert(
      fc.property(option, (drawn) => {
        const slack = 1e-9 * drawn.strike
        expect(priceOf({ ...drawn, vol: 1.05 * drawn.vol })).toBeGreaterThanOrEqual(priceOf(drawn) - slack)
        expect(priceOf({ ...drawn, years: 1.05 * drawn.years })).toBeGreaterThanOrEqual(
          priceOf(drawn) - slack,
        )
      }),
      SEEDED,
    )
  })

  test('whatever the numbers, an answer is finite or a reason', () => {
    const anything = fc.record({
      spot: fc.double({ noNaN: false }),
      strike: fc.oneof(fc.double(), fc.double({ min: 1, max: 200 })),
      years: fc.oneof(fc.double(), fc.double({ min: 1e-9, max: 50 })),
      rate: fc.oneof(fc.double(), fc.double({ min: -0.1, max: 0.5 })),
      dividendYield: fc.oneof(fc.double(), fc.double({ min: -0.1, max: 0.5 })),
      vol: fc.oneof(fc.double(), fc.double({ min: 1e-6, max: 10 })),
      right: fc.constantFrom('call' as const, 'put' as const),
    })
    fc.assert(
      fc.property(anything, (drawn) => {
        const answer = americanPrice(drawn)
        const closed = answer.ok
          ? Number.isFinite(answer.price)
          : ['not_finite', 'not_positive', 'expired'].includes(answer.reason)
        expect(closed).toBe(true)
      }),
      { ...SEEDED, numRuns: 200, endOnFailure: true },
    )
  })
})

test('up to rates of 50 % and volatilities of 1000 % there is always a price, with greeks', () => {
  const plausible = fc.record({
    spot: fc.double({ min: 1, max: 200, noNaN: true }),
    strike: fc.double({ min: 1, max: 200, noNaN: true }),
    years: fc.double({ min: 1e-9, max: 50, noNaN: true }),
    rate: fc.double({ min: -0.1, max: 0.5, noNaN: true }),
    dividendYield: fc.double({ min: -0.1, max: 0.5, noNaN: true }),
    vol: fc.double({ min: 1e-6, max: 10, noNaN: true }),
    right: fc.constantFrom('call' as const, 'put' as const),
  })
  fc.assert(
    fc.property(plausible, (drawn) => {
      const numbers = [priceOf(drawn), ...Object.values(greeksOf(drawn))]
      expect(numbers.filter((value) => !Number.isFinite(value))).toEqual([])
    }),
    SEEDED,
  )
})

describe('where exercise is', () => {
  const base = { spot: 100, strike: 100, years: 0.5, vol: 0.2 }

  test.each([
    ['european', 'call', 0.05, 0],
    ['held', 'call', 0.05, 0.02],
    ['held', 'call', -0.01, 0],
    ['european', 'call', -0.01, -0.01],
    ['lower_bound', 'call', -0.02, -0.01],
    ['held', 'put', 0.05, 0],
    ['held', 'put', 0, -0.02],
    ['european', 'put', 0, 0],
    ['european', 'put', -0.01, 0.02],
    ['lower_bound', 'put', -0.01, -0.02],
  ] as const)('%s: a %s at rate %d and yield %d', (method, right, rate, dividendYield) => {
    expect(americanPrice({ ...base, right, rate, dividendYield })).toMatchObject({ ok: true, method })
  })

  test('a lower bound lies below the tree by what the second boundary is worth', () => {
    const put = { ...base, right: 'put' as const, rate: -0.01, dividendYield: -0.02, years: 2 }
    const missing = tree(put) - priceOf(put)
    expect(missing).toBeGreaterThan(0)
    expect(missing).toBeLessThan(0.2)
  })

  test('past the boundary the option is its intrinsic value', () => {
    const put = { ...base, spot: 70, right: 'put' as const, rate: 0.05, dividendYield: 0 }
    expect(americanGreeks(put)).toEqual({
      ok: true,
      method: 'exercised',
      greeks: { price: 30, delta: -1, gamma: 0, vega: 0, theta: 0, rho: 0, vanna: 0, charm: 0 },
    })
  })

  test.each([{ years: 0 }, { vol: -1 }, { spot: NaN }])('a reason for %o', (bad) => {
    const broken = { ...base, right: 'put' as const, rate: 0.05, dividendYield: 0, ...bad }
    expect(americanPrice(broken).ok).toBe(false)
    expect(americanGreeks(broken).ok).toBe(false)
  })
})

describe('greeks', () => {
  const put = {
    spot: 100,
    strike: 105,
    years: 0.4,
    rate: 0.05,
    dividendYield: 0.02,
    vol: 0.25,
    right: 'put' as const,
  }
  const call = { ...put, right: 'call' as const, strike: 95, rate: 0.03, dividendYield: 0.06 }

  test.each([
    ['put', put],
    ['call', call],
  ])('of a %s are slopes of its price and delta', (_name, held) => {
    const slope = (of: (option: BlackScholesInput) => number, key: 'spot' | 'vol' | 'years', step: number) =>
      (of({ ...held, [key]: held[key] + step }) - of({ ...held, [key]: held[key] - step })) / (2 * step)
    const delta = (drawn: BlackScholesInput): number => greeksOf(drawn).delta
    const { delta: ownDelta, gamma, vega, theta, vanna, charm } = greeksOf(held)
    expect(slope(priceOf, 'spot', 0.05)).toBeCloseTo(ownDelta, 6)
    expect(slope(delta, 'spot', 0.05)).toBeCloseTo(gamma, 6)
    expect(slope(priceOf, 'vol', 1e-4)).toBeCloseTo(vega, 4)
    expect(slope(delta, 'vol', 1e-4)).toBeCloseTo(vanna, 5)
    expect(-slope(priceOf, 'years', 1e-4)).toBeCloseTo(theta, 4)
    expect(-slope(delta, 'years', 1e-4)).toBeCloseTo(charm, 5)
  })

  test('of an option never exercised early are the European ones', () => {
    const never = { ...call, dividendYield: 0 }
    expect(greeksOf(never)).toEqual(greeks(never))
  })

  test('delta meets −1 and the price meets intrinsic value where exercise begins', () => {
    let low = 60
    let high = 105
    for (let i = 0; i < 60; i++) {
      const middle = 0.5 * (low + high)
      const answer = americanPrice({ ...put, spot: middle })
      if (answer.ok && answer.method === 'exercised') low = middle
      else high = middle
    }
    const justHeld = greeksOf({ ...put, spot: high * (1 + 1e-6) })
    expect(justHeld.delta).toBeCloseTo(-1, 3)
    expect(justHeld.price).toBeCloseTo(105 - high, 3)
    expect(justHeld.gamma).toBeGreaterThan(0)
  })
})
