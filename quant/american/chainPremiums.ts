/**
 * Early exercise over a whole chain. American prices become European ones by taking their premium off, after which
 * everything built for European options (parity forwards, the volatility kernel, smiles) is right as it stands; and the
 * greeks of a European option become American ones by adding the premium's.
 */
import type { Chain } from '../chain/chain.ts'
import { normalCdf } from '../math/normal.ts'
import { expiryCarry, type ExpiryCarry } from './expiryCarry.ts'
import { exerciseRegion } from './exerciseRegion.ts'
import { createPremiumTable, premiumAt, type PremiumTable } from './premiumTable.ts'

export interface ChainPremiums {
  /** Mid of each row as quoted; `chain.price` is this less `premium`. */
  readonly quoted: Float64Array
  /** What early exercise was worth in each row's price at the last `removePremiums`; 0 where not worth computing. */
  readonly premium: Float64Array
  /** American over European gamma, 1 where no premium counts: what the gamma profile weighs its bells with. */
  readonly gammaRatio: Float64Array
  /** Scratch of `weighByGamma`. */
  readonly weights: Float64Array
  /** Per expiry. */
  readonly tables: ExpiryTables[]
}

export interface ExpiryTables {
  readonly carry: ExpiryCarry
  /** Null where early exercise is worth nothing. */
  readonly put: PremiumTable | null
  readonly call: PremiumTable | null
  /** First row at or above the forward. */
  readonly money: number
  /** The premium too small to matter. */
  readonly negligible: number
  /** Puts below this row and calls from this row on are too far out of the money for a premium worth computing. */
  putsFrom: number
  callsTo: number
}

/** A premium below this share of the expiry's tightest half spread is left out: the quote does not know it. */
const NEGLIGIBLE_SHARE = 0.05
/** In-the-money prices are only read near the money, by parity and straddles. */
const NEAR_STRIKES = 16
/** Wider half spreads than this share of spot, or none at all, do not make a premium negligible. */
const UNQUOTED_SHARE = 1e-5
/** Volatilities a table covers, over the one at the money. Beyond, where premiums are small, the last boundary serves. */
const VOL_REACH = { low: 0.4, high: 3.5 } as const

export function createChainPremiums(chain: Chain): ChainPremiums {
  return {
    quoted: chain.price.slice(),
    premium: new Float64Array(chain.count),
    gammaRatio: new Float64Array(chain.count).fill(1),
    weights: new Float64Array(chain.count),
    tables: [],
  }
}

/** Takes a new quoted mid (NaN without one) of a row, already in `chain.price`, at the premium last known. */
export function takeQuote({ quoted, premium }: ChainPremiums, chain: Chain, row: number): void {
  quoted[row] = chain.price[row] as number
  chain.price[row] = (quoted[row] as number) - (premium[row] as number)
}

/**
 * Renews `premium` from the chain's volatilities and forwards and writes the European equivalents into `chain.price`.
 * One step of a fixed point: the volatility solved from the new price is nearer, and so is the next premium. It closes
 * in by a factor of ten or more a step, because a premium depends far less on volatility than its option does.
 */
export function removePremiums(premiums: ChainPremiums, chain: Chain, spot: number): void {
  const { quoted, premium } = premiums
  premium.fill(0)
  premiums.tables.length = 0
  for (let e = 0; e < chain.expiryCount; e++) {
    const tables = tablesOf(chain, spot, e)
    premiums.tables.push(tables)
    if (tables.put === null && tables.call === null) continue
    tables.callsTo = walk(chain, e, tables, 1, premium)
    tables.putsFrom = walk(chain, e, tables, -1, premium) + 1
  }
  for (let row = 0; row < chain.count; row++) {
    chain.price[row] = (quoted[row] as number) - (premium[row] as number)
  }
}

function tablesOf(chain: Chain, spot: number, e: number): ExpiryTables {
  const start = chain.expiryStart[e] as number
  const end = chain.expiryStart[e + 1] as number
  const money = firstAtOrAbove(chain, e)
  const vol = volNear(chain, start, end, money)
  const carry = expiryCarry(chain, spot, e)
  const none = { put: null, call: null, putsFrom: end, callsTo: start, money }
  if (carry === null || Number.isNaN(vol)) return { ...none, carry: NO_CARRY, negligible: 0 }
  const negligible = NEGLIGIBLE_SHARE * Math.min(tightestHalfSpread(chain, start, end), UNQUOTED_SHARE * spot)
  const low = VOL_REACH.low * vol * Math.sqrt(carry.years)
  const high = VOL_REACH.high * vol * Math.sqrt(carry.years)
  const table = (earned: number, givenUp: number): PremiumTable | null =>
    exerciseRegion('put', earned, givenUp) === 'single' &&
    carry.spot * atMost(earned, givenUp, high) > negligible
      ? createPremiumTable(earned, givenUp, low, high)
      : null
  const put = table(carry.rateTime, carry.yieldTime)
  const call = table(carry.yieldTime, carry.rateTime)
  return { ...none, carry, negligible, put, call }
}

const NO_CARRY: ExpiryCarry = { years: 0, rateTime: 0, yieldTime: 0, spot: Number.NaN }

function firstAtOrAbove({ strike, forward, expiryStart }: Chain, e: number): number {
  const end = expiryStart[e + 1] as number
  let row = expiryStart[e] as number
  while (row < end && (strike[row] as number) < (forward[e] as number)) row++
  return row
}

/** The volatility of the row nearest the money that has one; NaN when none has. */
function volNear({ vol }: Chain, start: number, end: number, money: number): number {
  for (let away = 0; away < end - start; away++) {
    const above = money + away
    const below = money - 1 - away
    if (above < end && (vol[above] as number) > 0) return vol[above] as number
    if (below >= start && (vol[below] as number) > 0) return vol[below] as number
  }
  return Number.NaN
}

function tightestHalfSpread({ halfSpread }: Chain, start: number, end: number): number {
  let tightest = Infinity
  for (let row = start; row < end; row++) {
    const half = halfSpread[row] as number
    if (half < tightest) tightest = half
  }
  return tightest
}

/**
 * Above any premium of a unit put at or out of the money, without its boundary: exercise earns at most the rate, and only
 * below the boundary's highest point.
 */
function atMost(rateTime: number, yieldTime: number, totalVol: number): number {
  if (rateTime <= 0) return -yieldTime
  const lnHighest = yieldTime > rateTime ? Math.log(rateTime / yieldTime) : 0
  const drift = Math.min(0, rateTime - yieldTime)
  const earned = rateTime - Math.min(0, yieldTime)
  return earned * normalCdf((lnHighest - drift) / totalVol + 0.5 * totalVol)
}

/**
 * Premiums from the money outwards, up (side 1, where calls are out of the money) or down (−1, puts), until they no longer
 * matter. Returns the row it stopped at.
 */
function walk(
  chain: Chain,
  e: number,
  { carry, put, call, money, negligible }: ExpiryTables,
  side: 1 | -1,
  premium: Float64Array,
): number {
  const from = side === 1 ? money : money - 1
  const to = side === 1 ? (chain.expiryStart[e + 1] as number) : (chain.expiryStart[e] as number) - 1
  const rootYears = Math.sqrt(carry.years)
  const lnSpot = Math.log(carry.spot)
  const firstStrike = chain.strikeIndex[from] as number
  let isWorthless = (side === 1 ? call : put) === null
  for (let row = from; row !== to; row += side) {
    const isNear = Math.abs((chain.strikeIndex[row] as number) - firstStrike) < NEAR_STRIKES
    if (!isNear && isWorthless) return row
    const sign = chain.callSign[row] as number
    const vol = chain.vol[row] as number
    const table = sign > 0 ? call : put
    if (table === null || !(vol > 0) || (sign !== side && !isNear)) continue
    const lnSpotOverStrike = lnSpot - (chain.lnStrike[row] as number)
    const unit = premiumAt(table, -sign * lnSpotOverStrike, vol * rootYears)
    const worth = unit * (sign > 0 ? carry.spot : (chain.strike[row] as number))
    // Past the boundary the price holds no volatility to find: it stays as quoted.
    if (worth === worth) premium[row] = worth
    if (sign === side) isWorthless = worth < negligible
  }
  return to
}
