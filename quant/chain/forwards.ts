import type { Chain } from './chain.ts'
import { atTheMoneyPair, parityForward, parityLine } from './parity.ts'

/** Where a figure of an expiry's forward or discount came from, best first. */
export const FORWARD_SOURCES = ['parity', 'dividends', 'neighbour', 'flat', 'none'] as const
export type ForwardSource = (typeof FORWARD_SOURCES)[number]

const PARITY = 0
const DIVIDENDS = 1
const NEIGHBOUR = 2
const FLAT = 3
const NONE = 4

export interface ForwardOptions {
  /** Continuously compounded rate used when the chain implies none (0.04 = 4 %). */
  readonly fallbackRate: number
  /** Early exercise turns parity into an inequality, so American chains imply no rate. */
  readonly exercise: 'european' | 'american'
}

/** Per expiry, codes into FORWARD_SOURCES. */
export interface ForwardReport {
  readonly forwardSource: Uint8Array
  readonly discountSource: Uint8Array
}

/** A parity rate counts when its standard error is below this: 56 SPX expiries agree with one curve to about it. */
const RATE_ERROR_LIMIT = 0.002
const RATE_BOUNDS = { low: -0.02, high: 0.15 } as const
/** A forward further from spot than this plus the second figure per year is a bad pair, not a carry. */
const CARRY_BOUND = { fixed: 0.02, perYear: 0.15 } as const

export function createForwardReport(chain: Chain): ForwardReport {
  return {
    forwardSource: new Uint8Array(chain.expiryCount),
    discountSource: new Uint8Array(chain.expiryCount),
  }
}

/**
 * Writes `forward` and `discount` of every live expiry from the chain's own prices; settled expiries get NaN.
 *
 * Discount: the slope of the parity line where its error pins the rate down. Elsewhere (short-dated expiries have no
 * base to measure a rate on) the rate is interpolated between the neighbours that have one, or flat at
 * `fallbackRate` when none has. Forward: parity near the money at that discount, or spot less the dividends known, grown at
 * the rate, or the neighbours' carry, or spot grown at the rate. Method: Cboe, "Volatility Index Methodology" (forward
 * from the strike of least |C − P|), generalised to a weighted fit.
 */
export function impliedForwards(
  chain: Chain,
  spot: number,
  options: ForwardOptions,
  report: ForwardReport,
): void {
  const atTheMoney = new Int32Array(chain.expiryCount)
  const rates = new Float64Array(chain.expiryCount).fill(Number.NaN)
  for (let e = 0; e < chain.expiryCount; e++) {
    atTheMoney[e] = (chain.years[e] as number) > 0 ? atTheMoneyPair(chain, e) : -1
    if ((atTheMoney[e] as number) >= 0 && options.exercise === 'european') {
      rates[e] = parityRate(chain, e, atTheMoney[e] as number, options.fallbackRate)
    }
  }
  writeDiscounts(chain, rates, options.fallbackRate, report)
  writeForwards(chain, spot, atTheMoney, report)
}

function parityRate(chain: Chain, expiry: number, atTheMoney: number, guess: number): number {
  const years = chain.years[expiry] as number
  const line = parityLine(chain, expiry, atTheMoney, Math.exp(-guess * years))
  const rate = -Math.log(line.discount) / years
  const error = line.discountError / (line.discount * years)
  const sound = error < RATE_ERROR_LIMIT && rate > RATE_BOUNDS.low && rate < RATE_BOUNDS.high
  return sound ? rate : Number.NaN
}

function writeDiscounts(
  chain: Chain,
  rates: Float64Array,
  fallbackRate: number,
  report: ForwardReport,
): void {
  for (let e = 0; e < chain.expiryCount; e++) {
    const years = chain.years[e] as number
    const own = rates[e] as number
    const rate = own === own ? own : interpolate(chain.years, rates, years)
    report.discountSource[e] = own === own ? PARITY : rate === rate ? NEIGHBOUR : FLAT
    chain.discount[e] = Math.exp(-(rate === rate ? rate : fallbackRate) * years)
    if (years > 0) continue
    report.discountSource[e] = NONE
    chain.discount[e] = Number.NaN
  }
}

function writeForwards(chain: Chain, spot: number, atTheMoney: Int32Array, report: ForwardReport): void {
  const drifts = new Float64Array(chain.expiryCount).fill(Number.NaN)
  for (let e = 0; e < chain.expiryCount; e++) {
    chain.forward[e] = Number.NaN
    const row = atTheMoney[e] as number
    if (row < 0) continue
    const years = chain.years[e] as number
    const forward = parityForward(chain, e, row, chain.discount[e] as number)
    const drift = Math.log(forward / spot)
    if (!(Math.abs(drift) <= CARRY_BOUND.fixed + CARRY_BOUND.perYear * years)) continue
    drifts[e] = drift
    chain.forward[e] = forward
    report.forwardSource[e] = PARITY
  }
  for (let e = 0; e < chain.expiryCount; e++) {
    if (!Number.isNaN(chain.forward[e])) continue
    const years = chain.years[e] as number
    const flat = -Math.log(chain.discount[e] as number)
    const escrowed = flat - (chain.dividendTime[e] as number)
    if (escrowed === escrowed) {
      report.forwardSource[e] = DIVIDENDS
      chain.forward[e] = spot * Math.exp(escrowed)
      continue
    }
    const drift = neighbourDrift(chain.years, drifts, years)
    report.forwardSource[e] = years > 0 ? (drift === drift ? NEIGHBOUR : FLAT) : NONE
    chain.forward[e] = years > 0 ? spot * Math.exp(drift === drift ? drift : flat) : Number.NaN
  }
}

/**
 * ln(F/S) read between the known expiries, where 0 at no time left is known too. Interpolating the drift and not the
 * carry rate keeps a tick of spot mismatch in the last hour, an enormous rate, out of the other expiries.
 */
function neighbourDrift(years: Float64Array, drifts: Float64Array, at: number): number {
  const [left, right] = knownAround(years, drifts, at)
  if (left < 0 && right < 0) return Number.NaN
  if (right < 0) return ((drifts[left] as number) * at) / (years[left] as number)
  const leftYears = left < 0 ? 0 : (years[left] as number)
  const leftDrift = left < 0 ? 0 : (drifts[left] as number)
  const share = (at - leftYears) / ((years[right] as number) - leftYears)
  return leftDrift + share * ((drifts[right] as number) - leftDrift)
}

/** Linear between the known rates on either side of `at`, flat beyond them; NaN when none is known. */
function interpolate(years: Float64Array, rates: Float64Array, at: number): number {
  const [left, right] = knownAround(years, rates, at)
  if (left < 0) return right < 0 ? Number.NaN : (rates[right] as number)
  if (right < 0) return rates[left] as number
  const share = (at - (years[left] as number)) / ((years[right] as number) - (years[left] as number))
  return (rates[left] as number) * (1 - share) + (rates[right] as number) * share
}

/** Indices of the nearest known values at or before, and after, `at`; −1 when there is none. */
function knownAround(years: Float64Array, values: Float64Array, at: number): [number, number] {
  let left = -1
  for (let i = 0; i < years.length; i++) {
    if (Number.isNaN(values[i])) continue
    if ((years[i] as number) > at) return [left, i]
    left = i
  }
  return [left, -1]
}
