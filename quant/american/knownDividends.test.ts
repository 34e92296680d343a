import { describe, expect, test } from 'vitest'
import { engineOf, type ContractInput } from '../analytics.ts'
import { reprice, type Engine, type EngineOptions } from '../analytics/engine.ts'
import { FORWARD_SOURCES } from '../chain/forwards.ts'
import { greeks } from '../pricing/blackScholes.ts'
import { binomialAmerican } from '../reference/binomialTree.ts'
import { presentValue } from './discreteDividends.ts'
import type { KnownDividend } from './knownDividends.ts'

const NOW_MS = Date.UTC(2025, 8, 25, 18)
const DAY_MS = 86_400_000
const SPOT = 100
const RATE = 0.045
const VOL = 0.22
const DAYS = [15, 45, 75]
const STRIKES = Array.from({ length: 13 }, (_, i) => 88 + 2 * i)

const due = (days: number, amount: number): KnownDividend => ({ exDateMs: NOW_MS + days * DAY_MS, amount })
const DIVIDENDS = [due(30, 0.8)]
const CASH = [{ years: 30 / 365, amount: 0.8 }]

/** American quotes a cent wide around a tree with escrowed dividends. */
const LISTED: readonly ContractInput[] = DAYS.flatMap((days) =>
  STRIKES.flatMap((strike) =>
    (['call', 'put'] as const).map((right) => {
      const terms = { spot: SPOT, strike, years: days / 365, rate: RATE, dividendYield: 0, vol: VOL, right }
      const price = binomialAmerican(terms, 200, (leaf) => greeks(leaf).price, CASH)
      const half = Math.min(0.005, 0.05 * price)
      const quote = { bid: price - half, ask: price + half, openInterest: 1, volume: 1 }
      return { expiryMs: NOW_MS + days * DAY_MS, strike, right, multiplier: 100, ...quote }
    }),
  ),
)
const CALLS = LISTED.filter(({ right }) => right === 'call')

function priced(contracts: readonly ContractInput[], options: Partial<EngineOptions>): Engine {
  const engine = engineOf(contracts, {
    exercise: 'american',
    fallbackRate: RATE,
    priceIncrement: 0.01,
    ...options,
  })
  reprice(engine, SPOT, NOW_MS)
  return engine
}

/** Largest error of out-of-the-money volatilities in points within 8 % of spot, and of the forward in currency. */
function errors({ chain }: Engine): { volPts: number; forward: number } {
  let [volPts, forward] = [0, 0]
  for (let row = 0; row < chain.count; row++) {
    const e = chain.expiryIndex[row] as number
    const years = chain.years[e] as number
    const exact = (SPOT - presentValue(CASH, RATE, years)) * Math.exp(RATE * years)
    forward = Math.max(forward, Math.abs((chain.forward[e] as number) - exact))
    const strike = chain.strike[row] as number
    const isOut = (strike - exact) * (chain.callSign[row] as number) >= 0
    if (!isOut || Math.abs(strike / SPOT - 1) > 0.08) continue
    volPts = Math.max(volPts, 100 * Math.abs((chain.vol[row] as number) - VOL))
  }
  return { volPts, forward }
}

const sources = ({ forwards }: Engine): string[] =>
  Array.from(forwards.forwardSource, (code) => FORWARD_SOURCES[code] ?? '')

describe('against a tree with escrowed dividends', () => {
  test('without pairs the dividends give the forward, and volatilities follow', () => {
    const known = priced(CALLS, { dividends: DIVIDENDS })
    expect(sources(known)).toEqual(['dividends', 'dividends', 'dividends'])
    expect(errors(known).forward).toBeLessThan(1e-9)
    // What spreading a payment over the life misses of a call's exercise just before it.
    expect(errors(known).volPts).toBeLessThan(0.75)
    expect(errors(priced(CALLS, {})).forward).toBeGreaterThan(0.75)
    expect(errors(priced(CALLS, {})).volPts).toBeGreaterThan(2)
  })

  test('with pairs the forward stays that of the quotes', () => {
    const known = priced(LISTED, { dividends: DIVIDENDS })
    expect(sources(known)).toEqual(['parity', 'parity', 'parity'])
    expect(errors(known).forward).toBeLessThan(0.1)
    expect(errors(known).volPts).toBeLessThan(0.55)
  })

  test('a rate that is off is not taken for a dividend', () => {
    const known = errors(priced(LISTED, { dividends: DIVIDENDS, fallbackRate: 0.02 }))
    expect(known.volPts).toBeLessThan(errors(priced(LISTED, { fallbackRate: 0.02 })).volPts)
  })
})

test('the carry is that of the dividends before an expiry, exactly none before the first', () => {
  const { chain } = priced(LISTED, { dividends: DIVIDENDS })
  expect(chain.dividendTime[0]).toBe(0)
  const share = presentValue(CASH, RATE, 1) / SPOT
  expect(chain.dividendTime[1]).toBeCloseTo(-Math.log1p(-share), 12)
  expect(chain.dividendTime[2]).toBeCloseTo(-Math.log1p(-share), 12)
})

test('beyond the next payment not listed, and without a list, the chain implies its own carry', () => {
  const known = (dividends: KnownDividend[]): boolean[] =>
    Array.from(priced(LISTED, { dividends }).chain.dividendTime, (time) => !Number.isNaN(time))
  expect(known([])).toEqual([false, false, false])
  // One dividend: the next is due a quarter later. Two: after the gap between them.
  expect(known([due(-40, 0.8)])).toEqual([true, false, false])
  expect(known([due(5, 0.2), due(35, 0.2)])).toEqual([true, true, false])
})

test('garbage in a list is ignored, and dividends worth more than spot are not known', () => {
  const usable = priced(LISTED, {
    dividends: [...DIVIDENDS, due(Number.NaN, 1), due(10, -1), due(10, Number.NaN)],
  })
  expect(usable.chain.dividendTime).toEqual(priced(LISTED, { dividends: DIVIDENDS }).chain.dividendTime)
  const { chain } = priced(LISTED, { dividends: [due(30, 200)] })
  expect(Array.from(chain.dividendTime)).toEqual([0, Number.NaN, Number.NaN])
  expect(chain.gamma.every(Number.isFinite)).toBe(true)
})
