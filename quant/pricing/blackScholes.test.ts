import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { greeks, type BlackScholesInput, type Greeks } from './blackScholes.ts'

const SEEDED = { seed: 20261120 }

const REFERENCE = resolve(import.meta.dirname, '../../../shared/reference/black-scholes.csv')

describe('reference table (closed form at 50 digits)', () => {
  /** The table has no colour. */
  const bounds: Record<Exclude<keyof Greeks, 'colour'>, number> = {
    price: 1e-13,
    delta: 1e-14,
    gamma: 1e-14,
    vega: 1e-14,
    theta: 1e-13,
    rho: 1e-14,
    vanna: 1e-13,
    charm: 1e-13,
    volga: 1e-13,
    speed: 1e-13,
    zomma: 1e-12,
  }

  test.skipIf(!existsSync(REFERENCE))('every greek of every row, within 1e-12 relative or better', () => {
    const rows: Record<string, string>[] = parse(readFileSync(REFERENCE), { columns: true })
    expect(rows.length).toBe(600)
    for (const row of rows) {
      const computed = greeks({
        spot: Number(row.spot),
        strike: Number(row.strike),
        years: Number(row.days) / 365,
        rate: Number(row.rate),
        dividendYield: Number(row.yield),
        vol: Number(row.vol),
        right: row.type === 'C' ? 'call' : 'put',
      })
      for (const name of Object.keys(bounds) as (keyof typeof bounds)[]) {
        const relative = Math.abs(computed[name] / Number(row[name]) - 1)
        expect(relative).toBeLessThan(bounds[name])
      }
    }
  })
})

// S=5800 K=5850 T=7/365 r=4.3 % q=1.3 % σ=14 %, computed at 30 digits and confirmed by finite differences.
describe('golden vector', () => {
  const input: BlackScholesInput = {
    spot: 5800,
    strike: 5850,
    years: 7 / 365,
    rate: 0.043,
    dividendYield: 0.013,
    vol: 0.14,
    right: 'call',
  }
  const call = greeks(input)
  const put = greeks({ ...input, right: 'put' })

  test.each([
    ['call price', call.price, 25.5052143047],
    ['put price', put.price, 72.1288035124],
    ['call delta', call.delta, 0.343253168789],
    ['put delta', put.delta, -0.656497547219],
    ['gamma', call.gamma, 0.00326973131971],
    ['vega', call.vega, 295.325716063],
    ['call theta', call.theta, -1136.56819079],
    ['put theta', put.theta, -960.606751864],
    ['vanna', call.vanna, 1.11027952623],
    ['call charm', call.charm, -4.61699122916],
    ['put charm', put.charm, -4.62998798847],
    ['volga', call.volga, 359.719819918],
    ['speed', call.speed, 1.11650889803e-5],
    ['zomma', call.zomma, -0.0193725459516],
  ])('%s to its twelve digits', (_name, computed, golden) => {
    expect(Math.abs(computed / golden - 1)).toBeLessThan(5e-12)
  })

  test('gamma, vega, vanna, volga, speed, zomma and colour do not know call from put', () => {
    for (const name of ['gamma', 'vega', 'vanna', 'volga', 'speed', 'zomma', 'colour'] as const)
      expect(put[name]).toBe(call[name])
  })

  test('colour is what a shorter life does to gamma', () => {
    const hour = 1 / 8760
    const later = greeks({ ...input, years: input.years - hour })
    const earlier = greeks({ ...input, years: input.years + hour })
    expect(call.colour / ((later.gamma - earlier.gamma) / (2 * hour))).toBeCloseTo(1, 4)
  })

  test('charm of a call less charm of its put is q·e^(−qT)', () => {
    const difference = 0.013 * Math.exp((-0.013 * 7) / 365)
    expect(call.charm - put.charm).toBeCloseTo(difference, 13)
  })
})

describe('properties', () => {
  const input = fc.record({
    spot: fc.double({ min: 1, max: 1e5, noNaN: true }),
    moneyness: fc.double({ min: 0.3, max: 3, noNaN: true }),
    years: fc.double({ min: 1 / 525_600, max: 5, noNaN: true }),
    rate: fc.double({ min: -0.02, max: 0.2, noNaN: true }),
    dividendYield: fc.double({ min: 0, max: 0.1, noNaN: true }),
    vol: fc.double({ min: 0.01, max: 5, noNaN: true }),
  })

  test('put–call parity of price and delta', () => {
    fc.assert(
      fc.property(input, ({ moneyness, ...rest }) => {
        const option = { ...rest, strike: rest.spot * moneyness }
        const call = greeks({ ...option, right: 'call' })
        const put = greeks({ ...option, right: 'put' })
        const spotLeg = rest.spot * Math.exp(-rest.dividendYield * rest.years)
        const strikeLeg = option.strike * Math.exp(-rest.rate * rest.years)
        const tolerance = 1e-14 * (spotLeg + strikeLeg)
        expect(Math.abs(call.price - put.price - (spotLeg - strikeLeg))).toBeLessThanOrEqual(tolerance)
        expect(call.delta - put.delta).toBeCloseTo(Math.exp(-rest.dividendYield * rest.years), 13)
      }),
      SEEDED,
    )
  })

  test('scaling spot and strike scales the price and divides gamma', () => {
    fc.assert(
      fc.property(input, ({ moneyness, ...rest }) => {
        const option = { ...rest, strike: rest.spot * moneyness, right: 'put' as const }
        const one = greeks(option)
        const eight = greeks({ ...option, spot: 8 * option.spot, strike: 8 * option.strike })
        expect(eight.price).toBe(8 * one.price)
        expect(eight.gamma).toBe(one.gamma / 8)
        expect(eight.delta).toBe(one.delta)
      }),
      SEEDED,
    )
  })

  test.each([{ years: 0 }, { vol: 0 }, { spot: -1 }, { strike: NaN }])(
    'nothing is computed for %o',
    (bad) => {
      const option = { spot: 100, strike: 100, years: 1, rate: 0, dividendYield: 0, vol: 0.2, ...bad }
      expect(Object.values(greeks({ ...option, right: 'call' }))).toEqual(
        Array.from({ length: 12 }, () => NaN),
      )
    },
  )
})
