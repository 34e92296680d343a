import type { Chain, ContractSpec } from '../chain/chain.ts'
import { layOutChain } from '../chain/layout.ts'
import { black76 } from '../pricing/black76.ts'
import { seededRandom } from './random.ts'

/** A chain whose every volatility is known, for tests and benchmarks. */
export interface SyntheticChain {
  readonly chain: Chain
  readonly spot: number
  readonly rate: number
  readonly dividendYield: number
  /** By row: the volatility each price was computed from. */
  readonly trueVol: Float64Array
  /** By row: open interest, negative on puts. */
  readonly weights: Float64Array
}

const SPOT = 5000
const RATE = 0.04
const DIVIDEND_YIELD = 0.013
const SHORTEST_YEARS = 1 / 8760
const LONGEST_YEARS = 2
const YEAR_MS = 365 * 86_400_000

/**
 * `count` contracts over `expiryCount` expiries spaced geometrically from an hour to two years: strikes 0.7 to 1.3 of
 * spot, volatilities 8 to 120 %, calls and puts alike, each with at least 0.02 of time value (less holds no volatility
 * worth recovering).
 */
export function syntheticChain(seed: number, count: number, expiryCount: number): SyntheticChain {
  const random = seededRandom(seed)
  const years = Array.from(
    { length: expiryCount },
    (_, e) => SHORTEST_YEARS * (LONGEST_YEARS / SHORTEST_YEARS) ** (e / Math.max(1, expiryCount - 1)),
  )
  const drawn = Array.from({ length: count }, (_, i) =>
    drawContract(random, years[i % expiryCount] as number),
  )
  const chain = layOutChain(drawn.map(({ spec }) => spec))
  const trueVol = new Float64Array(count)
  const weights = new Float64Array(count)
  for (const [i, { price, vol, openInterest }] of drawn.entries()) {
    const row = chain.rowOf[i] as number
    chain.price[row] = price
    chain.openInterest[row] = openInterest
    trueVol[row] = vol
    weights[row] = (chain.callSign[row] as number) * openInterest
  }
  for (const [e, yearsLeft] of years.entries()) {
    chain.years[e] = yearsLeft
    chain.forward[e] = forwardAt(yearsLeft)
    chain.discount[e] = Math.exp(-RATE * yearsLeft)
  }
  return { chain, spot: SPOT, rate: RATE, dividendYield: DIVIDEND_YIELD, trueVol, weights }
}

interface Drawn {
  readonly spec: ContractSpec
  readonly price: number
  readonly vol: number
  readonly openInterest: number
}

function drawContract(random: () => number, years: number): Drawn {
  const forward = forwardAt(years)
  const discount = Math.exp(-RATE * years)
  for (;;) {
    const strike = Math.round(100 * SPOT * (0.7 + 0.6 * random())) / 100
    const right = random() < 0.5 ? 'call' : 'put'
    const vol = 0.08 + 1.12 * random()
    const openInterest = Math.floor(5000 * random())
    const price = black76({ forward, strike, years, discount, vol, right })
    const exercise = right === 'call' ? forward - strike : strike - forward
    if (price / discount - Math.max(0, exercise) < 0.02) continue
    return { spec: { expiryMs: years * YEAR_MS, strike, right, multiplier: 100 }, price, vol, openInterest }
  }
}

function forwardAt(years: number): number {
  return SPOT * Math.exp((RATE - DIVIDEND_YIELD) * years)
}
