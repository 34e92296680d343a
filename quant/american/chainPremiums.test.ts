import { describe, expect, test } from 'vitest'
import { analyse, engineOf, type ContractInput } from '../analytics.ts'
import { moveSpot, putQuote, reprice, repriceAtVols, type Engine } from '../analytics/engine.ts'
import { applyQuote } from '../analytics/incremental.ts'
import { netGammaAt } from '../kernel/netGamma.ts'
import { americanGreeks } from './americanOption.ts'

const NOW_MS = Date.UTC(2025, 8, 25, 18)
const DAY_MS = 86_400_000
const SPOT = 660
const RATE = 0.04
const DAYS = [8, 30, 120]
const STRIKES = Array.from({ length: 33 }, (_, i) => 580 + 5 * i)

/** Volatility of the made-up market, falling with strike. */
function volAt(strike: number, days: number): number {
  return Math.max(0.08, 0.15 - (0.35 * Math.log(strike / SPOT)) / Math.sqrt(days / 60))
}

interface Listed extends ContractInput {
  readonly days: number
  readonly vol: number
  readonly exact: {
    readonly price: number
    readonly delta: number
    readonly gamma: number
    readonly theta: number
  }
}

/** American quotes two cents wide, less where the price is pennies. */
function market(dividendYield: number, days = DAYS): Listed[] {
  return days.flatMap((expiryDays) =>
    STRIKES.flatMap((strike) =>
      (['call', 'put'] as const).map((right) => {
        const vol = volAt(strike, expiryDays)
        const terms = { spot: SPOT, strike, years: expiryDays / 365, rate: RATE, dividendYield, vol, right }
        const answer = americanGreeks(terms)
        if (!answer.ok) throw new Error(answer.reason)
        const { price } = answer.greeks
        const expiryMs = NOW_MS + expiryDays * DAY_MS
        const counts = { openInterest: 100 + strike, volume: 10 }
        const half = Math.min(0.01, 0.05 * price)
        const quote = { bid: price - half, ask: price + half }
        return {
          expiryMs,
          strike,
          right,
          multiplier: 100,
          ...quote,
          ...counts,
          days: expiryDays,
          vol,
          exact: answer.greeks,
        }
      }),
    ),
  )
}

function priced(contracts: readonly Listed[], exercise: 'american' | 'european' = 'american'): Engine {
  const engine = engineOf(contracts, { exercise, priceIncrement: 0.01, fallbackRate: RATE })
  reprice(engine, SPOT, NOW_MS)
  return engine
}

/** Largest error of a figure read off the chain, over strikes within 2.5 standard deviations. */
function worst(
  engine: Engine,
  contracts: readonly Listed[],
  error: (row: number, contract: Listed) => number,
): number {
  const { chain } = engine
  return Math.max(
    ...contracts.map((contract, i) => {
      const row = chain.rowOf[i] as number
      const deviation = contract.vol * Math.sqrt(contract.days / 365)
      const isNear = Math.abs(Math.log(contract.strike / SPOT)) < 2.5 * deviation
      return isNear ? Math.abs(error(row, contract)) : 0
    }),
  )
}

const markets = [0, 0.012, 0.06].map((dividendYield) => {
  const contracts = market(dividendYield)
  return { dividendYield, contracts, engine: priced(contracts) }
})

describe.each(markets)(
  'American quotes at a yield of $dividendYield',
  ({ dividendYield, contracts, engine }) => {
    const { chain } = engine

    test('give back the volatilities they were made with, within 0.03 points', () => {
      expect(worst(engine, contracts, (row, { vol }) => (chain.vol[row] as number) - vol)).toBeLessThan(3e-4)
      expect(analyse(engine).methods['vol']).toBe('vol.otm_mid.american@1')
    })

    test('give back the forward within 0.2 basis points', () => {
      for (const [e, days] of DAYS.entries()) {
        const forward = SPOT * Math.exp(((RATE - dividendYield) * days) / 365)
        expect(Math.abs((chain.forward[e] as number) / forward - 1)).toBeLessThan(2e-5)
      }
    })

    test('have the greeks of the option priced alone', () => {
      const scale = (contract: Listed): number => SPOT * contract.vol * Math.sqrt(contract.days / 365)
      expect(worst(engine, contracts, (row, c) => (chain.delta[row] as number) - c.exact.delta)).toBeLessThan(
        0.015,
      )
      expect(
        worst(engine, contracts, (row, c) => ((chain.gamma[row] as number) - c.exact.gamma) * scale(c)),
      ).toBeLessThan(0.02)
      expect(
        worst(engine, contracts, (row, c) => ((chain.theta[row] as number) - c.exact.theta) / SPOT),
      ).toBeLessThan(3e-3)
    })

    test('leave the profile equal to net gamma exposure at spot', () => {
      const { exposure } = analyse(engine)
      const out = new Float64Array(2)
      netGammaAt(engine.terms, engine.sections.start, engine.sections.end, Math.log(SPOT), out)
      const gross = exposure.gross as number
      expect(Math.abs(0.01 * SPOT * (out[0] as number) - (exposure.local.net as number))).toBeLessThan(
        1e-9 * gross,
      )
    })
  },
)

const { contracts, engine } = markets[1] as (typeof markets)[number]

function rowOf(strike: number, right: 'call' | 'put', days: number): number {
  const input = contracts.findIndex((c) => c.strike === strike && c.right === right && c.days === days)
  return engine.chain.rowOf[input] as number
}

test('the European treatment is visibly off: what de-Americanising is for', () => {
  const european = priced(contracts, 'european')
  const error = worst(european, contracts, (row, { vol }) => (european.chain.vol[row] as number) - vol)
  expect(error).toBeGreaterThan(5e-4)
  expect(european.premiums).toBeNull()
  expect(analyse(european).methods['vol']).toBe('vol.otm_mid@1')
})

test('premiums left out cost less than a twentieth of the half spread', () => {
  const { premiums, chain } = engine
  const skipped = worst(engine, contracts, (row, contract) => {
    const isOut =
      (contract.right === 'call') ===
      contract.strike >= (chain.forward[chain.expiryIndex[row] as number] as number)
    const premium = premiums?.premium[row] as number
    return isOut && premium === 0 ? contract.exact.price - (chain.value[row] as number) : 0
  })
  expect(skipped).toBeLessThan(0.01)
})

test('price and value are the European equivalents of the quote', () => {
  const row = rowOf(660, 'put', 120)
  const { quoted, premium } = engine.premiums as NonNullable<Engine['premiums']>
  expect(premium[row]).toBeGreaterThan(0.1)
  expect(engine.chain.price[row]).toBe((quoted[row] as number) - (premium[row] as number))
  expect(Math.abs((engine.chain.value[row] as number) - (engine.chain.price[row] as number))).toBeLessThan(
    0.01,
  )
})

test('a put past its exercise boundary is exercised: delta −1, no gamma', () => {
  const deep = market(0, [30])
  const { chain } = priced(deep)
  const row = chain.rowOf[deep.findIndex((c) => c.strike === 720 && c.right === 'put')] as number
  expect([chain.delta[row], chain.gamma[row], chain.theta[row]]).toEqual([-1, 0, 0])
})

test('repricing again from the same quotes changes nothing that matters', () => {
  const again = priced(contracts)
  const before = again.chain.vol.slice()
  for (let i = 0; i < 3; i++) reprice(again, SPOT, NOW_MS)
  const moved = before.map((vol, row) => Math.abs((again.chain.vol[row] as number) - vol))
  expect(Math.max(...moved.filter((change) => !Number.isNaN(change)))).toBeLessThan(5e-5)
  expect(moved.filter(Number.isNaN).length).toBeLessThan(20)
})

test('a tick of one quote is what repricing the strike at the same premium gives', () => {
  const ticked = priced(contracts)
  analyse(ticked)
  const row = rowOf(640, 'put', 30)
  const { bid, ask } = contracts[contracts.findIndex((_, i) => ticked.chain.rowOf[i] === row)] as Listed
  const [volBefore, gammaBefore] = [ticked.chain.vol[row] as number, ticked.chain.gamma[row] as number]
  applyQuote(ticked, row, (bid as number) + 0.02, (ask as number) + 0.02)
  expect(ticked.chain.vol[row]).toBeGreaterThan(volBefore)
  applyQuote(ticked, row, bid as number, ask as number)
  expect(Math.abs((ticked.chain.vol[row] as number) / volBefore - 1)).toBeLessThan(1e-9)
  expect(Math.abs((ticked.chain.gamma[row] as number) / gammaBefore - 1)).toBeLessThan(1e-8)
})

test('when spot moves, greeks stay American', () => {
  const moved = priced(contracts)
  moveSpot(moved, SPOT * 0.99)
  const row = rowOf(700, 'put', 120)
  const vol = moved.chain.vol[row] as number
  const terms = { spot: SPOT * 0.99, strike: 700, years: 120 / 365, rate: RATE, dividendYield: 0.012, vol }
  const exact = americanGreeks({ ...terms, right: 'put' })
  expect(exact.ok && Math.abs((moved.chain.delta[row] as number) - exact.greeks.delta)).toBeLessThan(2e-3)
})

test('volatilities from elsewhere get American greeks too, quoted or not', () => {
  const silent = contracts.map((contract) => ({ ...contract, bid: null, ask: null }))
  const given = engineOf(silent, { exercise: 'american', fallbackRate: RATE })
  const vols = new Float64Array(silent.length)
  for (const [i, { vol }] of contracts.entries()) vols[given.chain.rowOf[i] as number] = vol
  repriceAtVols(given, SPOT, NOW_MS, vols)
  const row = rowOf(740, 'put', 30)
  expect(given.chain.delta[row]).toBe(-1)
  expect(given.volMethod).toBe('vol.given@1')
})

test('a quote that disappears leaves no volatility behind', () => {
  const gone = priced(contracts)
  const row = rowOf(640, 'put', 30)
  putQuote(gone, row, Number.NaN, Number.NaN)
  reprice(gone, SPOT, NOW_MS)
  expect(gone.chain.vol[row]).toBeNaN()
  expect(gone.chain.gamma[row]).toBeNaN()
})
