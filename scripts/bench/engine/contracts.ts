import { engineOf, type ContractInput } from '#quant/analytics'
import type { Engine } from '#quant/analytics/engine'
import { greeks } from '#quant/pricing/blackScholes'
import { seededRandom } from '#quant/reference/random'
import type { SyntheticChain } from '#quant/reference/syntheticChain'

/** Every chain measured but the recorded one. */
export const SEED = 7
export const CONTRACTS = 20_000
export const EXPIRIES = 40

/** A contract as the libraries we compare with take it: one object each. */
export interface PlainContract {
  readonly row: number
  readonly spot: number
  readonly strike: number
  readonly years: number
  readonly rate: number
  readonly dividendYield: number
  readonly vol: number
  readonly right: 'call' | 'put'
  readonly price: number
  readonly weight: number
}

/** Every `every`-th row of a chain of known volatilities: slow peers are measured on a share of it. */
export function plainContracts(synthetic: SyntheticChain, every = 1): PlainContract[] {
  const { chain, spot, rate, dividendYield, trueVol, weights } = synthetic
  const contracts: PlainContract[] = []
  for (let row = 0; row < chain.count; row += every)
    contracts.push({
      row,
      spot,
      strike: chain.strike[row] as number,
      years: chain.years[chain.expiryIndex[row] as number] as number,
      rate,
      dividendYield,
      vol: trueVol[row] as number,
      right: (chain.callSign[row] as number) > 0 ? 'call' : 'put',
      price: chain.price[row] as number,
      weight: weights[row] as number,
    })
  return contracts
}

/** A chain as plain objects and as an engine holding the same quotes. */
export interface WholeChain {
  readonly contracts: readonly PlainContract[]
  readonly engine: Engine
  readonly spot: number
  readonly asOfMs: number
}

const SPOT = 5000
const RATE = 0.04
const DIVIDEND_YIELD = 0.013
const YEAR_MS = 365 * 86_400_000
const AS_OF_MS = Date.UTC(2026, 0, 5, 15)

/** Both sides of every strike: 2·strikeCount·expiryCount contracts, strikes 0.7 to 1.3 of spot, an hour to two years, volatilities 8 to 120 %. */
export function pairedChain(seed: number, strikeCount: number, expiryCount: number): WholeChain {
  const random = seededRandom(seed)
  const contracts: PlainContract[] = []
  for (let e = 0; e < expiryCount; e++) {
    const years = Math.round((YEAR_MS / 8760) * (2 * 8760) ** (e / (expiryCount - 1))) / YEAR_MS
    for (let k = 0; k < strikeCount; k++) {
      const strike = Math.round(100 * SPOT * (0.7 + (0.6 * k) / (strikeCount - 1))) / 100
      // Enough volatility for both sides to be worth quoting.
      const lowestVol = Math.max(0.08, Math.abs(Math.log(strike / SPOT)) / (3 * Math.sqrt(years)))
      const vol = Math.min(lowestVol + 1.12 * random(), Math.max(1.2, lowestVol))
      for (const right of ['call', 'put'] as const) {
        const option = { spot: SPOT, strike, years, rate: RATE, dividendYield: DIVIDEND_YIELD, vol, right }
        const weight = Math.floor(5000 * random()) * (right === 'call' ? 1 : -1)
        contracts.push({ ...option, row: contracts.length, price: greeks(option).price, weight })
      }
    }
  }
  return { contracts, engine: engineOf(contracts.map(quoted)), spot: SPOT, asOfMs: AS_OF_MS }
}

function quoted({ years, strike, right, price, weight }: PlainContract): ContractInput {
  return {
    expiryMs: AS_OF_MS + Math.round(years * YEAR_MS),
    strike,
    right,
    multiplier: 100,
    bid: 0.999 * price,
    ask: 1.001 * price,
    openInterest: Math.abs(weight),
    volume: 0,
  }
}
