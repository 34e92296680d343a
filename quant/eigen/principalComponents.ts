import { oriented, plainShapes, smileShapes } from './componentShapes.ts'
import { jacobiEigen } from './jacobiEigen.ts'
import { linearSolve } from './linearSolve.ts'
import { nodeCovariance } from './nodeCovariance.ts'
import { dot } from './orthonormal.ts'
import { SURFACE_NODES, type SurfaceNode } from './surfaceNodes.ts'

/** What the first three components are named after. The name is their rank; `likeness` tells whether it fits. */
export const COMPONENT_IDS = ['level', 'slope', 'curvature'] as const
export type ComponentId = (typeof COMPONENT_IDS)[number]

/** Why a basis is analytic. */
export type NoEmpiricalBasisReason = 'insufficient_history' | 'too_few_nodes' | 'no_variation'

export interface PrincipalComponent {
  readonly id: ComponentId
  /** Unit vector over the nodes, NaN at nodes that have no part in it. */
  readonly loadings: Float64Array
  /** Variance of log-IV per change along it, shrunk; null in an analytic basis. */
  readonly eigenvalue: number | null
  /** Of the variance of all nodes. */
  readonly share: number | null
  /** Cosine with the plain level, slope or curvature over the same nodes, 0 to 1. */
  readonly likeness: number
}

export interface ComponentBasis {
  readonly kind: 'empirical' | 'analytic'
  readonly reason: NoEmpiricalBasisReason | null
  /** Changes there were. */
  readonly rows: number
  /** Three, or none when the nodes do not tell level, slope and curvature apart. */
  readonly components: readonly PrincipalComponent[]
  /** Nodes without a loading. */
  readonly dropped: readonly number[]
  /** How far the covariance was shrunk, 0 to 1. */
  readonly shrinkage: number | null
}

/** Twenty-eight variances and their correlations cannot be told from fewer changes. */
export const LEAST_ROWS = 60
const LEAST_NODES = 6

/**
 * The three directions in which log volatility moves most (R. Cont and J. da Fonseca, "Dynamics of implied volatility
 * surfaces", Quantitative Finance 2, 2002), from node changes, oldest first; while there are fewer than 60, the shapes of
 * a quadratic smile at the node volatilities `lnVol`.
 */
export function principalComponents(
  changes: readonly Float64Array[],
  lnVol: Float64Array,
  nodes: readonly SurfaceNode[] = SURFACE_NODES,
): ComponentBasis {
  const { nodes: kept, matrix, rows, shrinkage } = nodeCovariance(changes)
  if (rows < LEAST_ROWS) return analytic(lnVol, nodes, rows, 'insufficient_history')
  const shapes = kept.length < LEAST_NODES ? null : plainShapes(at(nodes, kept))
  if (shapes === null) return analytic(lnVol, nodes, rows, 'too_few_nodes')
  const eigen = jacobiEigen(matrix, kept.length)
  // Pairs estimated from different rows can leave a direction with slightly negative variance.
  const total = eigen?.values.reduce((sum, value) => sum + Math.max(0, value), 0) ?? 0
  if (eigen === null || !(total > 0)) return analytic(lnVol, nodes, rows, 'no_variation')
  const components = describe(eigen.vectors, shapes, kept, nodes).map((component, j) => {
    const eigenvalue = Math.max(0, eigen.values[j] as number)
    return { ...component, eigenvalue, share: eigenvalue / total }
  })
  return { kind: 'empirical', reason: null, rows, components, dropped: others(kept, nodes), shrinkage }
}

function analytic(
  lnVol: Float64Array,
  nodes: readonly SurfaceNode[],
  rows: number,
  reason: NoEmpiricalBasisReason,
): ComponentBasis {
  const kept = [...nodes.keys()].filter((node) => Number.isFinite(lnVol[node]))
  const places = at(nodes, kept)
  const shapes = plainShapes(places)
  const vectors = smileShapes(
    places,
    Float64Array.from(kept, (node) => lnVol[node] as number),
  )
  const components =
    shapes === null || vectors === null
      ? []
      : describe(vectors, shapes, kept, nodes).map((component) => ({
          ...component,
          eigenvalue: null,
          share: null,
        }))
  return { kind: 'analytic', reason, rows, components, dropped: others(kept, nodes), shrinkage: null }
}

function describe(
  vectors: readonly Float64Array[],
  shapes: readonly Float64Array[],
  kept: readonly number[],
  nodes: readonly SurfaceNode[],
): Pick<PrincipalComponent, 'id' | 'loadings' | 'likeness'>[] {
  const places = at(nodes, kept)
  return COMPONENT_IDS.flatMap((id, j) => {
    const [vector, shape] = [vectors[j], shapes[j]]
    if (vector === undefined || shape === undefined) return []
    const unit = oriented(vector, shape, places)
    const loadings = new Float64Array(nodes.length).fill(Number.NaN)
    for (const [i, node] of kept.entries()) loadings[node] = unit[i] as number
    return [{ id, loadings, likeness: Math.abs(dot(unit, shape)) }]
  })
}

/**
 * How far one change went along each component, in log-IV: the least-squares fit to the nodes the change has, which is
 * the projection when it has all of them. Null when it has fewer than half.
 */
export function componentScores(
  components: readonly PrincipalComponent[],
  change: Float64Array,
): number[] | null {
  const known = [...change.keys()].filter(
    (node) => Number.isFinite(change[node]) && Number.isFinite(components[0]?.loadings[node]),
  )
  const wanted = components[0]?.loadings.filter(Number.isFinite).length ?? 0
  if (wanted === 0 || known.length < wanted / 2) return null
  const pick = (values: Float64Array): Float64Array => Float64Array.from(known, (i) => values[i] as number)
  const vectors = components.map(({ loadings }) => pick(loadings))
  const moved = pick(change)
  return linearSolve(
    vectors.map((x) => vectors.map((y) => dot(x, y))),
    vectors.map((x) => dot(x, moved)),
  )
}

function at(nodes: readonly SurfaceNode[], kept: readonly number[]): SurfaceNode[] {
  return nodes.filter((_, node) => kept.includes(node))
}

function others(kept: readonly number[], nodes: readonly SurfaceNode[]): number[] {
  return [...nodes.keys()].filter((node) => !kept.includes(node))
}
