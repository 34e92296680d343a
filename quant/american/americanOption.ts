import type { NoVolReason } from '../chain/volStatus.ts'
import { lnRatio } from '../math/lnRatio.ts'
import { greeks, type BlackScholesInput, type Greeks } from '../pricing/blackScholes.ts'
import { angleQuadrature, createBoundaryGrid, interpolationRow } from './boundaryGrid.ts'
import { lnBoundaryAtExpiry, solveBoundary, type UnitPut } from './exerciseBoundary.ts'
import { premiumQuadrature, unitPremium, unitPremiumGreeks, type UnitPremium } from './exercisePremium.ts'
import { exerciseRegion, type ExerciseRegion } from './exerciseRegion.ts'
import { scalePremium, unitPutOf, type OptionPremium } from './optionPremium.ts'

/**
 * How the figure came about. `european`: early exercise is never right. `held`: above the exercise boundary, European
 * value plus premium. `exercised`: at or past the boundary, worth its intrinsic value. `lower_bound`: two boundaries (a
 * negative rate above a lower yield, or mirrored for calls); the larger of European and intrinsic value, below the truth.
 */
export type AmericanMethod = 'european' | 'held' | 'exercised' | 'lower_bound'

export type AmericanGreeks = Pick<
  Greeks,
  'price' | 'delta' | 'gamma' | 'vega' | 'theta' | 'rho' | 'vanna' | 'charm'
>

type Failure = { readonly ok: false; readonly reason: NoVolReason }
export type AmericanPrice =
  { readonly ok: true; readonly method: AmericanMethod; readonly price: number } | Failure
export type AmericanAnswer =
  { readonly ok: true; readonly method: AmericanMethod; readonly greeks: AmericanGreeks } | Failure

/** Sized so that 600 reference options agree with QuantLib's QdFp engine within 5e-9 relative. */
const GRID = createBoundaryGrid({ degree: 20, points: 24, sweeps: 48, tolerance: 1e-11 })
const ANGLES = angleQuadrature(64, 3)
/** From the grid's nodes to √(1 − u) at each point of the premium integral, and to today's boundary. */
const ROWS = Array.from(ANGLES.cosine, (cosine) => interpolationRow(GRID.rootTimes, cosine))
/** Relative step in volatility and absolute step in rate of the central differences. */
const VOL_STEP = 1e-4
const RATE_STEP = 1e-4

/** Price of an American option with continuous carry, currency per unit of underlying. Never throws. */
export function americanPrice(option: BlackScholesInput): AmericanPrice {
  const fault = faultOf(option)
  if (fault !== null) return { ok: false, reason: fault }
  const european = greeks(option).price
  const intrinsic = intrinsicOf(option)
  const region = regionOf(option)
  if (region === 'never') return { ok: true, method: 'european', price: european }
  if (region === 'double') return { ok: true, method: 'lower_bound', price: Math.max(european, intrinsic) }
  const put = unitPutOf(option)
  const y = lnUnitSpot(option)
  const boundary = boundaryOf(put)
  if (y <= boundary.lnNow) return { ok: true, method: 'exercised', price: intrinsic }
  const scale = option.right === 'put' ? option.strike : option.spot
  const premium = unitPremium(premiumQuadrature(put, ANGLES), boundary.lnBoundary, y, put.totalVol)
  // Rates of thousands of per cent overflow the integrals.
  if (!Number.isFinite(premium)) return { ok: false, reason: 'not_finite' }
  return { ok: true, method: 'held', price: Math.max(intrinsic, european + scale * Math.max(0, premium)) }
}

/**
 * Price and sensitivities in the units of `greeks`. Delta, gamma and speed by differentiating the premium integral;
 * theta and charm from the pricing equation; vega and vanna with the boundary's own move by central difference of the
 * boundary; rho by central difference of the price. An exercised option moves with spot alone.
 */
export function americanGreeks(option: BlackScholesInput): AmericanAnswer {
  const fault = faultOf(option)
  if (fault !== null) return { ok: false, reason: fault }
  const european = greeks(option)
  const region = regionOf(option)
  const exercised = { ...EXERCISED, price: intrinsicOf(option), delta: option.right === 'put' ? -1 : 1 }
  if (region === 'never') return { ok: true, method: 'european', greeks: european }
  if (region === 'double') {
    return {
      ok: true,
      method: 'lower_bound',
      greeks: european.price > exercised.price ? european : exercised,
    }
  }
  const put = unitPutOf(option)
  const y = lnUnitSpot(option)
  const boundary = boundaryOf(put)
  if (y <= boundary.lnNow) return { ok: true, method: 'exercised', greeks: exercised }
  const unit: UnitPremium = { value: 0, byY: 0, byYY: 0, byYYY: 0, byV: 0, byYV: 0 }
  const added: OptionPremium = { price: 0, delta: 0, gamma: 0, vega: 0, theta: 0, vanna: 0, charm: 0 }
  const byVol = boundarySlope(put)
  unitPremiumGreeks(premiumQuadrature(put, ANGLES), boundary.lnBoundary, byVol, y, put.totalVol, unit)
  if (!Object.values(unit).every(Number.isFinite)) return { ok: false, reason: 'not_finite' }
  scalePremium(unit, option, added)
  return {
    ok: true,
    method: 'held',
    greeks: {
      price: Math.max(exercised.price, european.price + added.price),
      delta: european.delta + added.delta,
      gamma: european.gamma + added.gamma,
      vega: european.vega + added.vega,
      theta: european.theta + added.theta,
      rho: rhoOf(option),
      vanna: european.vanna + added.vanna,
      charm: european.charm + added.charm,
    },
  }
}

const EXERCISED: AmericanGreeks = {
  price: 0,
  delta: 0,
  gamma: 0,
  vega: 0,
  theta: 0,
  rho: 0,
  vanna: 0,
  charm: 0,
}

function faultOf(option: BlackScholesInput): NoVolReason | null {
  const { spot, strike, years, rate, dividendYield, vol } = option
  if (![spot, strike, years, rate, dividendYield, vol].every(Number.isFinite)) return 'not_finite'
  if (!(spot > 0 && strike > 0 && vol > 0)) return 'not_positive'
  if (years <= 0) return 'expired'
  return Number.isFinite(greeks(option).price) ? null : 'not_finite'
}

export function intrinsicOf({ spot, strike, right }: BlackScholesInput): number {
  return Math.max(0, right === 'put' ? strike - spot : spot - strike)
}

function regionOf({ right, rate, dividendYield, years }: BlackScholesInput): ExerciseRegion {
  return exerciseRegion(right, rate * years, dividendYield * years)
}

function lnUnitSpot({ spot, strike, right }: BlackScholesInput): number {
  return right === 'put' ? lnRatio(spot, strike) : lnRatio(strike, spot)
}

interface Boundary {
  /** ln of today's boundary over the unit strike. */
  readonly lnNow: number
  /** At the points of the premium integral. */
  readonly lnBoundary: Float64Array
}

function boundaryOf(put: UnitPut): Boundary {
  const depth = new Float64Array(GRID.degree + 1)
  solveBoundary(put, GRID, depth)
  const start = lnBoundaryAtExpiry(put)
  const squared = depth.map((d) => d * d)
  const at = (row: Float64Array): number => {
    const h = row.reduce((sum, share, j) => sum + share * (squared[j] as number), 0)
    return start - Math.sqrt(Math.max(0, h))
  }
  return { lnNow: start - (depth[0] as number), lnBoundary: Float64Array.from(ROWS, at) }
}

/** ∂ ln B/∂(total volatility) at the points of the premium integral. */
function boundarySlope(put: UnitPut): Float64Array {
  const step = VOL_STEP * put.totalVol
  const up = boundaryOf({ ...put, totalVol: put.totalVol + step }).lnBoundary
  const down = boundaryOf({ ...put, totalVol: put.totalVol - step }).lnBoundary
  return up.map((lnB, k) => (lnB - (down[k] as number)) / (2 * step))
}

function rhoOf(option: BlackScholesInput): number {
  const up = americanPrice({ ...option, rate: option.rate + RATE_STEP })
  const down = americanPrice({ ...option, rate: option.rate - RATE_STEP })
  return up.ok && down.ok ? (up.price - down.price) / (2 * RATE_STEP) : NaN
}
