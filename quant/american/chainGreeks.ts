import type { Chain } from '../chain/chain.ts'
import type { ChainPremiums, ExpiryTables } from './chainPremiums.ts'
import type { UnitPremium } from './exercisePremium.ts'
import { scalePremium, type OptionPremium } from './optionPremium.ts'
import { premiumGreeksAt } from './premiumTable.ts'

const unit: UnitPremium = { value: 0, byY: 0, byYY: 0, byYYY: 0, byV: 0, byYV: 0 }
const added: OptionPremium = { price: 0, delta: 0, gamma: 0, vega: 0, theta: 0, vanna: 0, charm: 0 }

/**
 * Closer to the boundary than this, in σ√T, the short integral does not resolve its third derivative. Charm is taken for
 * the 0 it has on the other side.
 */
const UNRESOLVED = 0.1

/**
 * Turns the European greeks of rows [from, to), just computed by `greeksRange`, into American ones with the boundaries of
 * the last `removePremiums`, and writes `gammaRatio`. A row past its boundary is exercised: delta ±1, nothing else.
 *
 * `value` stays the European equivalent, as `price` is. Rho stays European while the option is held: no cheap derivative
 * of the boundary in the rate is at hand.
 */
export function addPremiumGreeks(
  premiums: ChainPremiums,
  chain: Chain,
  spot: number,
  from: number,
  to: number,
): void {
  for (let start = from; start < to;) {
    const e = chain.expiryIndex[start] as number
    const end = Math.min(to, chain.expiryStart[e + 1] as number)
    const tables = premiums.tables[e]
    premiums.gammaRatio.fill(1, start, end)
    if (tables !== undefined) addToExpiry(premiums, chain, spot, tables, start, end)
    start = end
  }
}

/**
 * Contracts of rows [from, to) times `gammaRatio`, for a profile made of European bells: exact at the spot the greeks
 * belong to, and between European and American gamma away from it.
 */
export function weighByGamma(
  { gammaRatio, weights }: ChainPremiums,
  contracts: Float64Array,
  from: number,
  to: number,
): Float64Array {
  for (let row = from; row < to; row++) {
    weights[row] = (contracts[row] as number) * (gammaRatio[row] as number)
  }
  return weights
}

function addToExpiry(
  { gammaRatio }: ChainPremiums,
  chain: Chain,
  spot: number,
  { carry, put, call, putsFrom, callsTo }: ExpiryTables,
  from: number,
  to: number,
): void {
  const { years, rateTime, yieldTime } = carry
  const rootYears = Math.sqrt(years)
  const lnSpot = Math.log(spot)
  const option = { spot, years, rate: rateTime / years, dividendYield: yieldTime / years }
  for (let row = from; row < to; row++) {
    const isCall = (chain.callSign[row] as number) > 0
    const table = isCall ? (row < callsTo ? call : null) : row >= putsFrom ? put : null
    const vol = chain.vol[row] as number
    if (table === null || !(vol > 0)) continue
    const strike = chain.strike[row] as number
    const lnSpotOverStrike = lnSpot - (chain.lnStrike[row] as number)
    const y = isCall ? -lnSpotOverStrike : lnSpotOverStrike
    const aboveBoundary = premiumGreeksAt(table, y, vol * rootYears, unit)
    if (!(aboveBoundary > 0)) {
      exercise(chain, row)
      gammaRatio[row] = 0
      continue
    }
    scalePremium(unit, { ...option, strike, vol, right: isCall ? 'call' : 'put' }, added)
    addTo(chain.delta, row, added.delta)
    gammaRatio[row] = 1 + added.gamma / (chain.gamma[row] as number)
    addTo(chain.gamma, row, added.gamma)
    addTo(chain.vega, row, added.vega)
    addTo(chain.theta, row, added.theta)
    addTo(chain.vanna, row, added.vanna)
    if (aboveBoundary > UNRESOLVED * vol * rootYears) addTo(chain.charm, row, added.charm)
    else chain.charm[row] = 0
  }
}

function addTo(column: Float64Array, row: number, amount: number): void {
  column[row] = (column[row] as number) + amount
}

function exercise(chain: Chain, row: number): void {
  chain.delta[row] = chain.callSign[row] as number
  for (const column of [chain.gamma, chain.vega, chain.theta, chain.rho, chain.vanna, chain.charm]) {
    column[row] = 0
  }
}
