import { jacobiEigen } from './jacobiEigen.ts'
import { dot, orthonormal } from './orthonormal.ts'

/** How far a basis has turned since an earlier one, over the nodes both have. Degrees; null when not comparable. */
export interface BasisAngle {
  /** Between components of the same rank, 0 to 180. Two components that changed places are at 90. */
  readonly byComponent: readonly (number | null)[]
  /** Largest angle between the two spaces the components span, 0 to 90: whether a hedge in the old ones still hedges. */
  readonly subspace: number | null
}

/** Loadings of a component per node; null or NaN where it has none. */
export type Loadings = ArrayLike<number | null>

const DEGREES = 180 / Math.PI

export function basisAngle(current: readonly Loadings[], previous: readonly Loadings[]): BasisAngle {
  const common = Array.from({ length: current[0]?.length ?? 0 }, (_, node) => node).filter(
    (node) => isKnown(current[0]?.[node]) && isKnown(previous[0]?.[node]),
  )
  const pick = (loadings: Loadings): Float64Array =>
    Float64Array.from(common, (node) => loadings[node] ?? Number.NaN)
  const [now, then] = [current.map(pick), previous.map(pick)]
  const byComponent = now.map((vector, j) => {
    const before = then[j]
    return before === undefined ? null : angle(vector, before)
  })
  return { byComponent, subspace: subspaceAngle(now, then) }
}

function angle(x: Float64Array, y: Float64Array): number | null {
  const cosine = dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y))
  return Number.isFinite(cosine) ? DEGREES * Math.acos(Math.min(1, Math.max(-1, cosine))) : null
}

/**
 * The cosines of the principal angles between two spaces are the singular values of QᵀP for orthonormal bases P and Q
 * (Å. Björck and G. Golub, "Numerical methods for computing angles between linear subspaces", 1973).
 */
function subspaceAngle(now: readonly Float64Array[], then: readonly Float64Array[]): number | null {
  const p = orthonormal(now)
  const q = orthonormal(then)
  if (p === null || q === null || p.length === 0 || p.length !== q.length) return null
  const across = p.map((x) => Float64Array.from(q, (y) => dot(x, y)))
  const gram = Float64Array.from(across.flatMap((x) => across.map((y) => dot(x, y))))
  const smallest = jacobiEigen(gram, p.length)?.values.at(-1)
  return smallest === undefined ? null : DEGREES * Math.acos(Math.min(1, Math.sqrt(Math.max(0, smallest))))
}

function isKnown(value: number | null | undefined): boolean {
  return typeof value === 'number' && Number.isFinite(value)
}
