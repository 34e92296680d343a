/**
 * A fitted smile: total variance w = σ²·T of one expiry as a function of log-moneyness k = ln(K/F), with the two
 * derivatives that skew and density need.
 */

/** Raw SVI, w(k) = a + b·(ρ·(k − m) + √((k − m)² + σ²)): J. Gatheral, "A parsimonious arbitrage-free implied volatility parameterization" (2004). */
export interface SviCurve {
  readonly model: 'svi'
  readonly a: number
  readonly b: number
  readonly rho: number
  readonly m: number
  readonly sigma: number
}

/** w(k) = a + slope·k + bend·k² between `kMin` and `kMax`; beyond them straight on where it rises outwards, flat where it would fall. */
export interface QuadraticCurve {
  readonly model: 'quadratic'
  readonly a: number
  readonly slope: number
  /** Never negative: a smile does not turn down in its wings. */
  readonly bend: number
  readonly kMin: number
  readonly kMax: number
}

export type SmileCurve = SviCurve | QuadraticCurve

/** Total variance and its first and second derivatives in k. */
export interface CurvePoint {
  readonly w: number
  readonly slope: number
  readonly curvature: number
}

export function curveAt(curve: SmileCurve, k: number): CurvePoint {
  return curve.model === 'svi' ? sviAt(curve, k) : quadraticAt(curve, k)
}

export function totalVariance(curve: SmileCurve, k: number): number {
  return curveAt(curve, k).w
}

function sviAt({ a, b, rho, m, sigma }: SviCurve, k: number): CurvePoint {
  const x = k - m
  const root = Math.sqrt(x * x + sigma * sigma)
  return {
    w: a + b * (rho * x + root),
    slope: b * (rho + x / root),
    curvature: (b * sigma * sigma) / (root * root * root),
  }
}

function quadraticAt({ a, slope, bend, kMin, kMax }: QuadraticCurve, k: number): CurvePoint {
  const inside = Math.min(Math.max(k, kMin), kMax)
  const w = a + inside * (slope + bend * inside)
  const slopeInside = slope + 2 * bend * inside
  if (k === inside) return { w, slope: slopeInside, curvature: 2 * bend }
  const slopeOutside = k > kMax ? Math.max(0, slopeInside) : Math.min(0, slopeInside)
  return { w: w + (k - inside) * slopeOutside, slope: slopeOutside, curvature: 0 }
}

/**
 * Durrleman's function: the risk-neutral density is a positive multiple of it, so a smile is free of butterfly
 * arbitrage exactly where it is not negative (J. Gatheral and A. Jacquier, "Arbitrage-free SVI volatility surfaces",
 * Quantitative Finance 14, 2014, eq. 2.1).
 */
export function durrleman(w: number, slope: number, curvature: number, k: number): number {
  const tilt = 1 - (0.5 * k * slope) / w
  return tilt * tilt - 0.25 * slope * slope * (1 / w + 0.25) + 0.5 * curvature
}

export function durrlemanAt(curve: SmileCurve, k: number): number {
  const { w, slope, curvature } = curveAt(curve, k)
  return durrleman(w, slope, curvature, k)
}
