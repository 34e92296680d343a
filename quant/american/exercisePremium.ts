import { fastExpNegative } from '../math/fastExp.ts'
import { fastMillsRatio } from '../math/fastMillsRatio.ts'
import type { AngleQuadrature } from './boundaryGrid.ts'
import type { UnitPut } from './exerciseBoundary.ts'

const INV_SQRT_2PI = 0.3989422804014327

/** The early exercise premium of a unit put at ln spot y and total volatility v, and its derivatives. */
export interface UnitPremium {
  value: number
  byY: number
  byYY: number
  byYYY: number
  byV: number
  byYV: number
}

/** What the integral needs of rate, yield and time at every point, shared by all strikes of an expiry. */
export interface PremiumQuadrature {
  readonly points: number
  /** √u at each point, u the time from now in units of the life. */
  readonly rootTime: Float64Array
  /** (rateTime − yieldTime)·u. */
  readonly drift: Float64Array
  /** Quadrature weight times rateTime·e^(−rateTime·u). */
  readonly earned: Float64Array
  /** Quadrature weight times yieldTime·e^(−yieldTime·u). */
  readonly givenUp: Float64Array
  /** Quadrature weight times e^(−rateTime·u). */
  readonly discounted: Float64Array
  readonly rateTime: number
  readonly yieldTime: number
}

export function premiumQuadrature(
  { rateTime, yieldTime }: Pick<UnitPut, 'rateTime' | 'yieldTime'>,
  { sine, cosine, weight }: AngleQuadrature,
): PremiumQuadrature {
  const time = sine.map((z) => z * z)
  // du = 2·sin θ·cos θ·dθ.
  const measure = weight.map((w, k) => 2 * w * (sine[k] as number) * (cosine[k] as number))
  const weighted = (rate: number): Float64Array =>
    measure.map((m, k) => m * Math.exp(-rate * (time[k] as number)))
  const discounted = weighted(rateTime)
  return {
    points: sine.length,
    rootTime: sine,
    drift: time.map((u) => (rateTime - yieldTime) * u),
    earned: discounted.map((m) => rateTime * m),
    givenUp: weighted(yieldTime).map((m) => yieldTime * m),
    discounted,
    rateTime,
    yieldTime,
  }
}

/**
 * Premium alone: ∫ [r·e^(−ru)·N(−d2) − q·S·e^(−qu)·N(−d1)] du with d over the boundary as it will be after u (I. J. Kim,
 * Review of Financial Studies 3, 1990; P. Carr, R. Jarrow and R. Myneni, Mathematical Finance 2, 1992). `lnBoundary` is
 * ln B at each point. Valid above the boundary.
 */
export function unitPremium(
  { points, rootTime, drift, earned, givenUp, yieldTime }: PremiumQuadrature,
  lnBoundary: Float64Array,
  y: number,
  totalVol: number,
): number {
  const spot = Math.exp(y)
  let sum = 0
  for (let k = 0; k < points; k++) {
    const s = totalVol * (rootTime[k] as number)
    const d2 = (y - (lnBoundary[k] as number) + (drift[k] as number)) / s - 0.5 * s
    sum += (earned[k] as number) * upperTail(d2)
    if (yieldTime !== 0) sum -= (givenUp[k] as number) * spot * upperTail(d2 + s)
  }
  return sum
}

/**
 * Premium and derivatives, the boundary moving with volatility as `lnBoundaryByV` says. With s = v√u and E = e^(−ru)φ(d2)
 * every derivative is a polynomial in d over the terms A = (r − q·B)·E/s, Q = q·S·e^(−qu)·N(−d1) and R = q·B·E/s, because
 * S·e^(−qu)·φ(d1) = B·E.
 */
export function unitPremiumGreeks(
  quadrature: PremiumQuadrature,
  lnBoundary: Float64Array,
  lnBoundaryByV: Float64Array,
  y: number,
  totalVol: number,
  out: UnitPremium,
): void {
  const { points, rootTime, drift, earned, givenUp, discounted, rateTime, yieldTime } = quadrature
  const spot = Math.exp(y)
  let [value, byY, byYY, byYYY, byV, byYV] = [0, 0, 0, 0, 0, 0]
  for (let k = 0; k < points; k++) {
    const s = totalVol * (rootTime[k] as number)
    const lnB = lnBoundary[k] as number
    const lnBByV = (lnBoundaryByV[k] as number) / s
    const d2 = (y - lnB + (drift[k] as number)) / s - 0.5 * s
    const d1 = d2 + s
    const density = (discounted[k] as number) * INV_SQRT_2PI * fastExpNegative(-0.5 * d2 * d2)
    const yieldAtBoundary = yieldTime === 0 ? 0 : yieldTime * Math.exp(lnB)
    const q = yieldTime === 0 ? 0 : (givenUp[k] as number) * spot * upperTail(d1)
    const a = ((rateTime - yieldAtBoundary) * density) / s
    const r = (yieldAtBoundary * density) / s
    const d2ByV = -d1 / totalVol - lnBByV
    const d1ByV = -d2 / totalVol - lnBByV
    value += (earned[k] as number) * upperTail(d2) - q
    byY -= a + q
    byYY += (a * d2) / s - q + r
    byYYY += (a * (1 - d2 * d2)) / (s * s) - q + r - (r * d2) / s
    byV += density * (yieldAtBoundary * d1ByV - rateTime * d2ByV)
    byYV += r * s * lnBByV + a * (d2 * d2ByV + 1 / totalVol) + r * s * d1ByV
  }
  out.value = value
  out.byY = byY
  out.byYY = byYY
  out.byYYY = byYYY
  out.byV = byV
  out.byYV = byYV
}

/** N(−d). */
function upperTail(d: number): number {
  const tail = INV_SQRT_2PI * fastExpNegative(-0.5 * d * d) * fastMillsRatio(Math.abs(d))
  return d > 0 ? tail : 1 - tail
}
