import type { SmileFit } from '../volatility/fitSmile.ts'
import { basisAngle, type Loadings } from './basisAngle.ts'
import { latestChange, nodeChanges, type NodeHistory } from './nodeHistory.ts'
import {
  componentScores,
  principalComponents,
  type ComponentBasis,
  type ComponentId,
  type NoEmpiricalBasisReason,
} from './principalComponents.ts'
import { NODE_DEVIATIONS, NODE_TENORS_DAYS, referenceAtmVol, sampleNodes } from './surfaceNodes.ts'

export interface EigenComponent {
  readonly id: ComponentId
  /** Unit vector over `nodes`, tenor by tenor; null at nodes that have no part in it. */
  readonly loadings: readonly (number | null)[]
  /** Of the variance of all nodes; null in an analytic basis. */
  readonly share: number | null
  /** Cosine with the plain shape it is named after, 0 to 1: near 0 the name does not fit. */
  readonly likeness: number
  /** Latest change along it, in log-IV of the unit vector. */
  readonly scoreLogIv: number | null
  /** The same as the root mean square over nodes, in vol points at `atmVol`. */
  readonly scoreVolPts: number | null
  /** Since the previous basis; null without one. */
  readonly angleDegrees: number | null
}

/**
 * No components, no change within the last ten minutes, one with under half of the nodes, or (for vol points alone) no
 * volatility at the forward.
 */
export type NoScoreReason = 'too_few_nodes' | 'no_recent_change' | 'nodes_missing' | 'no_atm_vol'

/** How the volatility surface has been moving. */
export interface SurfaceModes {
  /** Null when the nodes quoted do not tell level, slope and curvature apart. */
  readonly basis: ComponentBasis['kind'] | null
  readonly basisReason: NoEmpiricalBasisReason | null
  /** Five-minute changes in the history; 60 make an empirical basis. */
  readonly rows: number
  readonly nodes: {
    readonly tenorDays: readonly number[]
    readonly deviations: readonly number[]
    /** Places without a loading. */
    readonly dropped: readonly number[]
  }
  /** Three, or none. */
  readonly components: readonly EigenComponent[]
  /** Share of variance the components hold together; null in an analytic basis. */
  readonly explained: number | null
  /** How far the covariance was shrunk towards no structure, 0 to 1. */
  readonly shrinkage: number | null
  /** Largest angle between the spaces spanned by this basis and by the previous one. */
  readonly subspaceAngleDegrees: number | null
  /** The change that scores are of. */
  readonly latestChange: { readonly fromMs: number; readonly toMs: number } | null
  readonly scoreReason: NoScoreReason | null
  /** At the forward, 30 days or the nearest tenor quoted. */
  readonly atmVol: number | null
  /** Vol points of a typical node per unit of log-IV along a unit vector: 100·σ_ATM/√nodes. */
  readonly volPtsPerUnit: number | null
}

/** `previous` are the components of an earlier answer, to tell how far they have turned. */
export function surfaceModes(
  fits: readonly SmileFit[],
  asOfMs: number,
  history: NodeHistory,
  previous: readonly { readonly loadings: Loadings }[] | null,
): SurfaceModes {
  const { lnVol } = sampleNodes(fits, asOfMs)
  const changes = nodeChanges(history)
  const latest = latestChange(changes, asOfMs)
  const basis = principalComponents(
    changes.map((change) => change.lnVol),
    lnVol,
  )
  const { components, dropped, rows, shrinkage } = basis
  const atmVol = referenceAtmVol(lnVol)
  const volPtsPerUnit = atmVol === null ? null : (100 * atmVol) / Math.sqrt(lnVol.length - dropped.length)
  const scores = latest === null ? null : componentScores(components, latest.lnVol)
  const angle = basisAngle(loadingsOf(components), loadingsOf(previous ?? []))
  const shares = components.flatMap(({ share }) => (share === null ? [] : [share]))
  return {
    basis: components.length > 0 ? basis.kind : null,
    basisReason: basis.reason,
    rows,
    nodes: { tenorDays: NODE_TENORS_DAYS, deviations: NODE_DEVIATIONS, dropped },
    components: components.map(({ id, loadings, share, likeness }, j) => {
      const scoreLogIv = scores?.[j] ?? null
      return {
        id,
        loadings: Array.from(loadings, (loading) => (Number.isFinite(loading) ? loading : null)),
        share,
        likeness,
        scoreLogIv,
        scoreVolPts: scoreLogIv === null || volPtsPerUnit === null ? null : scoreLogIv * volPtsPerUnit,
        angleDegrees: angle.byComponent[j] ?? null,
      }
    }),
    explained: shares.length > 0 ? shares.reduce((sum, share) => sum + share, 0) : null,
    shrinkage,
    subspaceAngleDegrees: angle.subspace,
    latestChange: latest === null ? null : { fromMs: latest.fromMs, toMs: latest.toMs },
    scoreReason: noScore(components.length > 0, latest !== null, scores !== null, atmVol !== null),
    atmVol,
    volPtsPerUnit,
  }
}

function loadingsOf(components: readonly { readonly loadings: Loadings }[]): Loadings[] {
  return components.map(({ loadings }) => loadings)
}

function noScore(
  hasComponents: boolean,
  hasChange: boolean,
  hasScores: boolean,
  hasAtmVol: boolean,
): NoScoreReason | null {
  if (!hasComponents) return 'too_few_nodes'
  if (!hasChange) return 'no_recent_change'
  if (!hasScores) return 'nodes_missing'
  return hasAtmVol ? null : 'no_atm_vol'
}
