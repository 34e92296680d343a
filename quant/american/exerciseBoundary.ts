import { fastExp, fastExpNegative } from '../math/fastExp.ts'
import { fastMillsRatio } from '../math/fastMillsRatio.ts'
import type { BoundaryGrid } from './boundaryGrid.ts'

/**
 * A put on one unit of strike with one unit of time left: what is left of rate, yield and volatility once strike and
 * time are scaled out. A call is such a put with spot and strike, rate and yield exchanged (McDonald and Schroder 1998).
 */
export interface UnitPut {
  /** Rate · years. */
  readonly rateTime: number
  /** Dividend yield · years. */
  readonly yieldTime: number
  /** Volatility · √years. */
  readonly totalVol: number
}

const SQRT_2PI = 2.5066282746310002
/** Largest |ln B(τ)/B(0)| kept: a put exercised only below e^(−30) of its strike is never exercised. */
const DEEPEST = 30

/** Where the boundary starts with no time left: below it exercise earns at once. ln of spot over strike. */
export function lnBoundaryAtExpiry({ rateTime, yieldTime }: UnitPut): number {
  return yieldTime > rateTime ? Math.log(rateTime / yieldTime) : 0
}

/**
 * Writes the boundary of `put` at the nodes of `grid` into `depth`, as √H = ln(B(0)/B(τ)) ≥ 0, and returns the largest
 * change of the last sweep. `exerciseRegion` must be `single`. Bounded: `grid.sweeps` sweeps.
 *
 * Fixed point "A" of L. Andersen, M. Lake and D. Offengenden, "High-performance American option pricing", Journal of
 * Computational Finance 20(1), 2016: B = e^(−(r−q)τ)·N/D with N and D integrals over the earlier boundary. Each node
 * uses the nodes already renewed in the same sweep, from expiry outwards (Gauss–Seidel), which converges several times
 * faster than all at once because the integral only looks towards expiry.
 */
export function solveBoundary(put: UnitPut, grid: BoundaryGrid, depth: Float64Array): number {
  const { degree, rootTimes, sweeps, tolerance } = grid
  const lnStart = lnBoundaryAtExpiry(put)
  const drift = put.rateTime - put.yieldTime
  for (let i = 0; i <= degree; i++) depth[i] = depthGuess(put, lnStart, (rootTimes[i] as number) ** 2)
  const squared = depth.map((d) => d * d)
  let change = Infinity
  for (let sweep = 0; sweep < sweeps && change > tolerance; sweep++) {
    change = 0
    for (let i = degree - 1; i >= 0; i--) {
      const here = depth[i] as number
      const ratio = boundaryRatio(put, grid, squared, i, lnStart, here)
      const found = lnStart - (Math.log(ratio) - drift * (rootTimes[i] as number) ** 2)
      // Both integrals underflow when the guess is many standard deviations too deep: come up and try again.
      const next = found === found ? Math.min(DEEPEST, Math.max(0, found)) : 0.5 * here
      change = Math.max(change, Math.abs(next - here))
      depth[i] = next
      squared[i] = next * next
    }
  }
  return change
}

/** N/D of node i whose boundary lies `depth` below its start. */
function boundaryRatio(
  { rateTime, yieldTime, totalVol }: UnitPut,
  { degree, points, rootTimes, sine, cosine, weight, interpolation }: BoundaryGrid,
  squared: Float64Array,
  i: number,
  lnStart: number,
  depth: number,
): number {
  const rootTime = rootTimes[i] as number
  const time = rootTime * rootTime
  const drift = rateTime - yieldTime
  const s = totalVol * rootTime
  let numerator = 0
  let denominator = 0
  for (let k = 0, at = i * points * (degree + 1); k < points; k++) {
    let h = 0
    for (let j = 0; j <= degree; j++) h += (interpolation[at++] as number) * (squared[j] as number)
    const z = sine[k] as number
    const passed = time * z * z
    const left = time - passed
    const spread = s * z
    // ln B(τ) − ln B(u), from the two depths.
    const lnRatio = Math.sqrt(Math.max(0, h)) - depth
    const d2 = (lnRatio + drift * passed) / spread - 0.5 * spread
    const d1 = d2 + spread
    const measure = (weight[k] as number) * (cosine[k] as number)
    numerator += measure * fastExp(rateTime * left) * fastExpNegative(-0.5 * d2 * d2)
    if (yieldTime === 0) continue
    const density = fastExpNegative(-0.5 * d1 * d1)
    denominator += measure * fastExp(yieldTime * left) * (density + spread * scaledCdf(d1, density))
  }
  const d2 = (lnStart - depth + drift * time) / s - 0.5 * s
  const d1 = d2 + s
  const density1 = fastExpNegative(-0.5 * d1 * d1)
  return (
    (fastExpNegative(-0.5 * d2 * d2) + 2 * time * rateTime * numerator) /
    (density1 + s * scaledCdf(d1, density1) + 2 * time * yieldTime * denominator)
  )
}

/** N(d)·√(2π), given e^(−d²/2). */
function scaledCdf(d: number, density: number): number {
  const tail = density * fastMillsRatio(Math.abs(d))
  return d > 0 ? SQRT_2PI - tail : tail
}

/**
 * P. Bjerksund and G. Stensland, "Closed-form approximation of American options" (Scandinavian Journal of Management,
 * 1993): the boundary leaves its start like e^(−2σ√τ…) for the one of a perpetual option.
 */
function depthGuess({ rateTime, yieldTime, totalVol }: UnitPut, lnStart: number, time: number): number {
  const variance = totalVol * totalVol
  const w = rateTime - yieldTime - 0.5 * variance
  const root = (-w - Math.sqrt(w * w + 2 * variance * rateTime)) / variance
  const start = Math.exp(-lnStart)
  const perpetual = Math.max((1 + 1e-9) * start, Math.min(1000 * start, 1 - 1 / root))
  const reach = Math.max(0, (yieldTime - rateTime) * time + 2 * totalVol * Math.sqrt(time))
  const share = -Math.expm1((-reach * start) / (perpetual - start))
  return Math.log1p(((perpetual - start) / start) * share)
}
