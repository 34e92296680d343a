import type { NoVolReason } from '../chain/volStatus.ts'
import { lnRatio } from '../math/lnRatio.ts'
import type { Right } from './blackScholes.ts'
import { totalVolOf } from './totalVol.ts'

export interface ImpliedVolInput {
  readonly forward: number
  readonly strike: number
  /** Discount factor e^(−rT). */
  readonly discount: number
  /** Years to settlement, calendar days / 365. */
  readonly years: number
  readonly right: Right
  /** Present value per unit of underlying. */
  readonly price: number
}

export type ImpliedVol =
  { readonly ok: true; readonly vol: number } | { readonly ok: false; readonly reason: NoVolReason }

/** A time value this small, relative to √(F·K), is below what a double can carry through φ: treated as none. */
const SMALLEST_VALUE = 1e-280
/** Time value left of an in-the-money price below this share of F + K is the rounding of the inputs. */
const ROUNDING = 2 * Number.EPSILON

/**
 * The Black volatility (annualised, 0.2 = 20 %) that reproduces a European option's price, or why there is none.
 * Never throws; at most 64 evaluations, normally two or three.
 *
 * Accuracy is what the price carries: |Δvol| ≤ 8·ε·(vol + price/vega). A price rounded by ε·price moves the answer by
 * that over vega, so a price that is nearly all intrinsic value, or nearly at its ceiling, holds few digits of it.
 */
export function impliedVol({ forward, strike, discount, years, right, price }: ImpliedVolInput): ImpliedVol {
  if (![forward, strike, discount, years, price].every(Number.isFinite)) return none('not_finite')
  if (!(forward > 0 && strike > 0 && discount > 0)) return none('not_positive')
  if (years <= 0) return none('expired')
  const exercise = right === 'call' ? forward - strike : strike - forward
  const timeValue = exercise > 0 ? price / discount - exercise : price / discount
  const rounding = exercise > 0 ? ROUNDING * (forward + strike) : 0
  if (timeValue < -rounding) return none('below_intrinsic')
  const scale = Math.sqrt(forward) * Math.sqrt(strike)
  const value = timeValue / scale
  if (timeValue <= rounding || value < SMALLEST_VALUE) return none('at_intrinsic')
  const x = Math.abs(lnRatio(forward, strike))
  if (timeValue >= Math.min(forward, strike) || value >= Math.exp(-0.5 * x)) return none('above_maximum')
  return { ok: true, vol: totalVolOf(x, value) / Math.sqrt(years) }
}

function none(reason: NoVolReason): ImpliedVol {
  return { ok: false, reason }
}
