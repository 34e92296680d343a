import { gaussLegendre } from './gaussLegendre.ts'

/**
 * What a collocation of the exercise boundary needs and no market datum changes. Time left runs over [0, 1]. The
 * boundary is held as H(√τ) = ln²(B(τ)/B(0)), the smooth form of Andersen, Lake and Offengenden, on Chebyshev nodes in
 * √τ; its integrals over u ∈ [0, τ] run over an angle, √u = √τ·cos θ, which smooths both ends at once.
 */
export interface BoundaryGrid {
  /** Nodes √τ, descending from 1 to 0: `degree + 1` of them. */
  readonly rootTimes: Float64Array
  readonly degree: number
  /** Quadrature in θ ∈ [0, π/2]. */
  readonly points: number
  readonly sine: Float64Array
  readonly cosine: Float64Array
  readonly weight: Float64Array
  /** Interpolation from the nodes to √τ_i·cos θ_k: row (i·points + k), `degree + 1` long. */
  readonly interpolation: Float64Array
  /** Most sweeps over the nodes, and the change of ln B at which to stop sooner. */
  readonly sweeps: number
  readonly tolerance: number
}

export interface GridSize {
  readonly degree: number
  readonly points: number
  readonly sweeps: number
  readonly tolerance: number
}

export function createBoundaryGrid({ degree, points, sweeps, tolerance }: GridSize): BoundaryGrid {
  const rootTimes = new Float64Array(degree + 1)
  for (let i = 0; i <= degree; i++) rootTimes[i] = 0.5 * (1 + Math.cos((Math.PI * i) / degree))
  const angles = angleQuadrature(points)
  const interpolation = new Float64Array(degree * points * (degree + 1))
  for (let i = 0; i < degree; i++) {
    for (let k = 0; k < points; k++) {
      const at = (rootTimes[i] as number) * (angles.cosine[k] as number)
      interpolation.set(interpolationRow(rootTimes, at), (i * points + k) * (degree + 1))
    }
  }
  return { rootTimes, degree, points, ...angles, interpolation, sweeps, tolerance }
}

export interface AngleQuadrature {
  readonly sine: Float64Array
  readonly cosine: Float64Array
  readonly weight: Float64Array
}

/**
 * Gauss–Legendre over θ ∈ [0, π/2], in θ = ½π·x^grade. A grade above 1 gathers points where θ is small: close to the
 * exercise boundary that is where the derivatives of the integrand live.
 */
export function angleQuadrature(points: number, grade = 1): AngleQuadrature {
  const { nodes, weights } = gaussLegendre(points)
  const angle = nodes.map((x) => 0.5 * Math.PI * x ** grade)
  return {
    sine: angle.map(Math.sin),
    cosine: angle.map(Math.cos),
    weight: weights.map((w, k) => 0.5 * Math.PI * grade * (nodes[k] as number) ** (grade - 1) * w),
  }
}

/** Barycentric weights from values at the nodes to the value at `at` (J.-P. Berrut and L. N. Trefethen, SIAM Review 2004). */
export function interpolationRow(rootTimes: Float64Array, at: number): Float64Array {
  const degree = rootTimes.length - 1
  const row = new Float64Array(degree + 1)
  const exact = rootTimes.indexOf(at)
  if (exact >= 0) {
    row[exact] = 1
    return row
  }
  let sum = 0
  for (let j = 0; j <= degree; j++) {
    const end = j === 0 || j === degree ? 0.5 : 1
    const share = ((j % 2 === 0 ? end : -end) as number) / (at - (rootTimes[j] as number))
    row[j] = share
    sum += share
  }
  for (let j = 0; j <= degree; j++) row[j] = (row[j] as number) / sum
  return row
}
