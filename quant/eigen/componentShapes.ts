import { dot, orthonormal } from './orthonormal.ts'
import type { SurfaceNode } from './surfaceNodes.ts'

/** Below this cosine a component does not have its shape, and the sign would be noise. */
const UNLIKE = 0.05

/**
 * Level, slope and curvature over the nodes: 1, −k (the put wing positive) and k² (the wings positive), in deviations,
 * made unit vectors at right angles. Null when the nodes do not tell them apart.
 */
export function plainShapes(nodes: readonly SurfaceNode[]): Float64Array[] | null {
  return orthonormal(powersOf(nodes, () => 1))
}

/**
 * What moving a, b or c of σ = a + b·k + c·k² does to ln σ at the nodes, ∂ln σ = (1, k, k²)/σ, made unit vectors at right
 * angles in that order: the basis to use while there is no history. `lnVol` are the volatilities of the same nodes.
 */
export function smileShapes(nodes: readonly SurfaceNode[], lnVol: Float64Array): Float64Array[] | null {
  return orthonormal(powersOf(nodes, (i) => Math.exp(-(lnVol[i] as number))))
}

function powersOf(nodes: readonly SurfaceNode[], factor: (i: number) => number): Float64Array[] {
  const column = (power: (k: number) => number): Float64Array =>
    Float64Array.from(nodes, ({ deviation }, i) => factor(i) * power(deviation))
  return [column(() => 1), column((k) => -k), column((k) => k * k)]
}

/**
 * A unit vector with the sign that makes it point along its shape: level up, put wing up, wings up. One that has nothing
 * of the shape (a slope that is all term structure) gets the short tenors up instead. Nodes may come in any order.
 */
export function oriented(
  vector: Float64Array,
  shape: Float64Array,
  nodes: readonly SurfaceNode[],
): Float64Array {
  const along = dot(vector, shape)
  const towards = Math.abs(along) >= UNLIKE ? along : dot(vector, shortTenors(nodes))
  return towards < 0 ? vector.map((value) => -value) : vector
}

function shortTenors(nodes: readonly SurfaceNode[]): Float64Array {
  const roots = nodes.map(({ tenorDays }) => Math.sqrt(tenorDays))
  const mean = roots.reduce((sum, root) => sum + root, 0) / roots.length
  return Float64Array.from(roots, (root) => mean - root)
}
