import type { Chain, ContractSpec } from './chain.ts'
import { admit, type Refused } from './admission.ts'
import { greekColumns } from './greekColumns.ts'
import { VOL_STATUS } from './volStatus.ts'
import { yearsToExpiry } from '../contracts/yearsToExpiry.ts'

const MINUTES_PER_YEAR = 365 * 24 * 60

/**
 * Lays contracts out by expiry, strike, call before put. Every input starts unknown (NaN) except volume, which
 * starts at 0: no print is a fact, no open interest is not. `Chain.rowOf[i]` is the row of `contracts[i]`, −1 when it
 * was refused (`admission.ts`), which `Chain.refused` counts.
 */
export function layOutChain(contracts: readonly ContractSpec[]): Chain {
  const { admitted, refused } = admit(contracts)
  const order = admitted.sort((a, b) => compare(contracts[a], contracts[b]))
  const sorted = order.map((i) => contracts[i] as ContractSpec)
  const count = sorted.length
  const expiryMs = Float64Array.from(distinct(sorted.map((contract) => contract.expiryMs)))
  const strikes = Float64Array.from(distinct(sorted.map((contract) => contract.strike)))
  const strikeIndexOf = new Map([...strikes].map((strike, index) => [strike, index]))
  const chain = emptyChain(contracts.length, count, expiryMs, strikes, refused)
  for (let row = 0, expiry = 0; row < count; row++) {
    const { strike, right, multiplier, averagingMinutes, expiryMs: settlesAt } = sorted[row] as ContractSpec
    while ((expiryMs[expiry] as number) < settlesAt) chain.expiryStart[++expiry] = row
    chain.rowOf[order[row] as number] = row
    chain.strike[row] = strike
    chain.lnStrike[row] = Math.log(strike)
    chain.invSqrtStrike[row] = 1 / Math.sqrt(strike)
    chain.callSign[row] = right === 'call' ? 1 : -1
    chain.multiplier[row] = multiplier
    chain.expiryIndex[row] = expiry
    chain.averagingYears[expiry] = (averagingMinutes ?? 0) / MINUTES_PER_YEAR
    chain.strikeIndex[row] = strikeIndexOf.get(strike) ?? 0
  }
  chain.expiryStart[chain.expiryCount] = count
  pairUp(chain)
  return chain
}

function pairUp({ count, partner, callSign, strikeIndex, expiryIndex }: Chain): void {
  for (let call = 0; call + 1 < count; call++) {
    const put = call + 1
    const isPair =
      (callSign[call] as number) > 0 &&
      (callSign[put] as number) < 0 &&
      strikeIndex[call] === strikeIndex[put] &&
      expiryIndex[call] === expiryIndex[put]
    if (!isPair) continue
    partner[call] = put
    partner[put] = call
  }
}

/** Sets the time left of every expiry; a settled one gets exactly 0. */
export function setClock(chain: Chain, nowMs: number): void {
  for (let e = 0; e < chain.expiryCount; e++) {
    chain.years[e] = yearsToExpiry(chain.expiryMs[e] as number, nowMs)
  }
}

function compare(a: ContractSpec | undefined, b: ContractSpec | undefined): number {
  if (a === undefined || b === undefined) return 0
  if (a.expiryMs !== b.expiryMs) return a.expiryMs - b.expiryMs
  if (a.strike !== b.strike) return a.strike - b.strike
  return a.right === b.right ? 0 : a.right === 'call' ? -1 : 1
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b)
}

function emptyChain(
  listed: number,
  count: number,
  expiryMs: Float64Array,
  strikes: Float64Array,
  refused: Refused,
): Chain {
  const expiryCount = expiryMs.length
  return {
    count,
    expiryCount,
    strikeCount: strikes.length,
    refused,
    rowOf: new Int32Array(listed).fill(-1),
    strike: new Float64Array(count),
    lnStrike: new Float64Array(count),
    invSqrtStrike: new Float64Array(count),
    callSign: new Float64Array(count),
    multiplier: new Float64Array(count),
    expiryIndex: new Uint16Array(count),
    strikeIndex: new Uint16Array(count),
    partner: new Int32Array(count).fill(-1),
    price: unknown(count),
    halfSpread: unknown(count),
    openInterest: unknown(count),
    volume: new Float64Array(count),
    vol: unknown(count),
    volStatus: new Uint8Array(count).fill(VOL_STATUS.no_quote),
    ...greekColumns(count),
    strikes,
    expiryMs,
    expiryStart: new Int32Array(expiryCount + 1),
    averagingYears: new Float64Array(expiryCount),
    years: new Float64Array(expiryCount),
    forward: unknown(expiryCount),
    spotShare: new Float64Array(expiryCount).fill(1),
    dividendTime: unknown(expiryCount),
    discount: unknown(expiryCount),
  }
}

function unknown(length: number): Float64Array {
  return new Float64Array(length).fill(Number.NaN)
}
