import type { NoVolReason } from '../chain/volStatus.ts'
import type { Right } from '../pricing/blackScholes.ts'
import { impliedVol, type ImpliedVol } from '../pricing/impliedVol.ts'
import { americanPrice } from './americanOption.ts'
import { exerciseRegion } from './exerciseRegion.ts'

export interface AmericanVolInput {
  readonly spot: number
  readonly strike: number
  /** Years to settlement, calendar days / 365. */
  readonly years: number
  /** Continuously compounded, per year. */
  readonly rate: number
  readonly dividendYield: number
  readonly right: Right
  /** Present value per unit of underlying. */
  readonly price: number
}

const ROUNDING = 2 * Number.EPSILON
const MOST_EVALUATIONS = 80
/** Relative width of bracket or step at which the answer is final. */
const TOLERANCE = 1e-11
/** Volatility no option has; a price that needs more is at its ceiling. */
const HIGHEST_VOL = 100

/**
 * The volatility at which an American option is worth `price`, or why there is none; never throws, at most 80 prices.
 *
 * Secant steps inside a bracket. A price at or below what exercising now (or at the best later instant, without any
 * volatility) earns has none: every volatility small enough to exercise at once reproduces it. Just above, the price
 * leaves intrinsic value with slope zero and holds half the digits. Where two boundaries exist (`exerciseRegion`) the
 * European formula answers, slightly high.
 */
export function americanImpliedVol(input: AmericanVolInput): ImpliedVol {
  const { spot, strike, years, rate, dividendYield, right, price } = input
  if (![spot, strike, years, rate, dividendYield, price].every(Number.isFinite)) return none('not_finite')
  if (!(spot > 0 && strike > 0)) return none('not_positive')
  if (years <= 0) return none('expired')
  const discount = Math.exp(-rate * years)
  const forward = spot * Math.exp((rate - dividendYield) * years)
  const european = impliedVol({ forward, strike, discount, years, right, price })
  if (exerciseRegion(right, rate * years, dividendYield * years) !== 'single') return european
  const rounding = ROUNDING * (spot + strike)
  const above = price - valueWithoutVol(input)
  if (above < -rounding) return none('below_intrinsic')
  if (above <= rounding) return none('at_intrinsic')
  if (price >= ceilingOf(input)) return none('above_maximum')
  // At equal volatility the American option is worth more, so the European volatility is too high.
  return solve(input, european.ok ? european.vol : HIGHEST_VOL)
}

function solve(input: AmericanVolInput, highest: number): ImpliedVol {
  const missing = (vol: number): number => {
    const answer = americanPrice({ ...input, vol })
    return answer.ok ? answer.price - input.price : NaN
  }
  let low = 0
  let high = highest
  let before = high
  let missingBefore = missing(high)
  if (Number.isNaN(missingBefore)) return none('not_finite')
  // Rounding alone can put the European volatility below the answer.
  if (missingBefore <= 0) return { ok: true, vol: high }
  let vol = high === HIGHEST_VOL ? Math.min(1, 0.4 / Math.sqrt(input.years)) : 0.99 * high
  for (let i = 0; i < MOST_EVALUATIONS; i++) {
    const here = missing(vol)
    if (here === 0) return { ok: true, vol }
    if (here > 0) high = vol
    else low = vol
    const next = vol - (here * (vol - before)) / (here - missingBefore)
    before = vol
    missingBefore = here
    vol = next > low && next < high ? next : 0.5 * (low + high)
    if (Math.abs(vol - before) <= TOLERANCE * vol) return { ok: true, vol }
  }
  return { ok: true, vol }
}

/** The most that exercising at some instant earns if spot merely drifts: the limit of the price at no volatility. */
function valueWithoutVol({ spot, strike, years, rate, dividendYield, right }: AmericanVolInput): number {
  const sign = right === 'call' ? 1 : -1
  const earned = (at: number): number =>
    sign * (spot * Math.exp(-dividendYield * at) - strike * Math.exp(-rate * at))
  const turn = Math.log((dividendYield * spot) / (rate * strike)) / (dividendYield - rate)
  const between = turn > 0 && turn < years ? earned(turn) : 0
  return Math.max(0, earned(0), earned(years), between)
}

function ceilingOf({ spot, strike, years, rate, dividendYield, right }: AmericanVolInput): number {
  return right === 'call'
    ? spot * Math.max(1, Math.exp(-dividendYield * years))
    : strike * Math.max(1, Math.exp(-rate * years))
}

function none(reason: NoVolReason): ImpliedVol {
  return { ok: false, reason }
}
