/** A made-up market with known answers, for tests only: every price is Black-76 at a volatility the test chooses. */
import { black76 } from '../pricing/black76.ts'
import type { ContractSpec } from './chain.ts'

const DAY_MS = 86_400_000

export interface SampleMarket {
  readonly spot: number
  readonly nowMs: number
  readonly days: readonly number[]
  readonly strikes: readonly number[]
  readonly rate: number
  readonly dividendYield: number
  readonly vol: (strike: number, days: number) => number
  readonly halfSpread: number
  readonly openInterest: (strike: number, right: 'call' | 'put', days: number) => number
}

export interface SampleContract extends ContractSpec {
  readonly bid: number
  readonly ask: number
  readonly openInterest: number
  readonly volume: number
}

export const SAMPLE_NOW_MS = Date.UTC(2025, 8, 4, 18, 30)

export const SAMPLE_MARKET: SampleMarket = {
  spot: 5800,
  nowMs: SAMPLE_NOW_MS,
  days: [1, 8, 36, 120, 365],
  strikes: Array.from({ length: 81 }, (_, i) => 4800 + 25 * i),
  rate: 0.043,
  dividendYield: 0.013,
  vol: (strike) => 0.14 - 0.3 * Math.log(strike / 5800),
  halfSpread: 0.02,
  openInterest: (strike, right) =>
    Math.round(2000 * Math.exp(-(((strike - (right === 'call' ? 5950 : 5600)) / 150) ** 2))),
}

export function sampleForward({ spot, rate, dividendYield }: SampleMarket, days: number): number {
  return spot * Math.exp(((rate - dividendYield) * days) / 365)
}

export function sampleContracts(changes: Partial<SampleMarket> = {}): SampleContract[] {
  const market = { ...SAMPLE_MARKET, ...changes }
  return market.days.flatMap((days) =>
    market.strikes.flatMap((strike) =>
      (['call', 'put'] as const).map((right) => contract(market, days, strike, right)),
    ),
  )
}

function contract(market: SampleMarket, days: number, strike: number, right: 'call' | 'put'): SampleContract {
  const years = days / 365
  const price = black76({
    forward: sampleForward(market, days),
    strike,
    years,
    discount: Math.exp(-market.rate * years),
    vol: market.vol(strike, days),
    right,
  })
  return {
    expiryMs: market.nowMs + days * DAY_MS,
    strike,
    right,
    multiplier: 100,
    bid: price - market.halfSpread,
    ask: price + market.halfSpread,
    openInterest: market.openInterest(strike, right, days),
    volume: 10,
  }
}
