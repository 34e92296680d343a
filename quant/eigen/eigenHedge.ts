/**
 * How the volatility surface has been moving, what the dealer book gains when it moves so again, and what to trade
 * against it. Plain JSON-ready numbers; a figure that cannot be computed is null or an empty list, with its reason in
 * `reasons`.
 */
import { measureAll, type Engine } from '../analytics/engine.ts'
import type { SmileFit } from '../volatility/fitSmile.ts'
import type { Loadings } from './basisAngle.ts'
import { loadingSurface } from './loadingSurface.ts'
import type { NodeHistory } from './nodeHistory.ts'
import { pcExposures } from './pcExposure.ts'
import type { ComponentId, NoEmpiricalBasisReason } from './principalComponents.ts'
import { surfaceModes, type NoScoreReason, type SurfaceModes } from './surfaceModes.ts'
import {
  threeInstrumentHedge,
  type NoHedgeReason,
  type ThreeInstrumentHedge,
} from './threeInstrumentHedge.ts'

/** What the book gains, in its currency, per unit of the component's `scoreLogIv` and of its `scoreVolPts`. */
export interface ComponentExposure {
  readonly id: ComponentId
  readonly perUnit: number
  /** The part of `perUnit` from contracts between the outermost nodes: the rest leans on the edge of the grid. */
  readonly perUnitInsideGrid: number
  readonly perVolPt: number | null
}

/** The surface has no components, or no open contract has a volatility. */
export type NoExposureReason = 'too_few_nodes' | 'no_positions'

interface BookHedge {
  readonly exposures: readonly ComponentExposure[]
  /** Share of the book's |vega·IV| outside the node grid, where loadings are those of its edge. */
  readonly outsideGridShare: number | null
  readonly hedge: ThreeInstrumentHedge | null
  readonly exposureReason: NoExposureReason | null
}

export interface EigenHedge extends Omit<SurfaceModes, 'basisReason' | 'scoreReason'> {
  readonly asOfMs: number
  readonly methods: typeof METHODS
  readonly units: typeof UNITS
  /** `scoreVolPts` of the three components. */
  readonly pc1Level: number | null
  readonly pc2Slope: number | null
  readonly pc3Curvature: number | null
  readonly exposures: BookHedge['exposures']
  readonly outsideGridShare: BookHedge['outsideGridShare']
  readonly hedge: ThreeInstrumentHedge | null
  readonly reasons: {
    readonly basis: NoEmpiricalBasisReason | null
    readonly scores: NoScoreReason | null
    readonly exposures: NoExposureReason | null
    readonly hedge: NoExposureReason | NoHedgeReason | null
  }
}

export const METHODS = {
  empirical: 'eigen.pca_ewma_ledoit_wolf@1',
  analytic: 'eigen.quadratic_smile_shapes@1',
  exposure: 'eigen.vega_log_iv_bilinear@1',
  hedge: 'eigen.three_instruments_30d@1',
} as const

const UNITS = {
  scoreLogIv: 'log-IV along the unit vector',
  scoreVolPts: 'vol points (0.01 of volatility), root mean square over nodes',
  perUnit: 'currency per unit of scoreLogIv',
  perVolPt: 'currency per unit of scoreVolPts',
} as const

/**
 * From an engine just repriced, and the smiles fitted to it, ascending in time. `history` is of earlier instants and may
 * hold this one. `previous` are the components of an earlier answer, to tell how far they have turned.
 */
export function eigenHedge(
  engine: Engine,
  fits: readonly SmileFit[],
  history: NodeHistory,
  previous: readonly { readonly loadings: Loadings }[] | null,
): EigenHedge {
  const { asOfMs } = engine
  const modes = surfaceModes(fits, asOfMs, history, previous)
  const { basisReason, scoreReason, ...surface } = modes
  const { exposureReason, ...book } = bookHedge(engine, fits, modes)
  const [level, slope, curvature] = surface.components
  return {
    asOfMs,
    methods: METHODS,
    units: UNITS,
    ...surface,
    pc1Level: level?.scoreVolPts ?? null,
    pc2Slope: slope?.scoreVolPts ?? null,
    pc3Curvature: curvature?.scoreVolPts ?? null,
    ...book,
    reasons: {
      basis: basisReason,
      scores: scoreReason,
      exposures: exposureReason,
      hedge: exposureReason ?? book.hedge?.reason ?? null,
    },
  }
}

function bookHedge(
  engine: Engine,
  fits: readonly SmileFit[],
  { components, volPtsPerUnit }: SurfaceModes,
): BookHedge {
  const none = { exposures: [], outsideGridShare: null, hedge: null }
  if (components.length === 0) return { ...none, exposureReason: 'too_few_nodes' }
  if (!engine.isMeasured) measureAll(engine)
  const { chain, measure } = engine
  const loadings = loadingSurface(components)
  const { perUnit, perUnitInsideGrid, outsideGridShare } = pcExposures(
    chain,
    fits,
    loadings,
    measure.openInterest.positions.signed,
  )
  if (outsideGridShare === null) return { ...none, exposureReason: 'no_positions' }
  return {
    exposures: components.map(({ id }, j) => {
      const exposure = perUnit[j] as number
      return {
        id,
        perUnit: exposure,
        perUnitInsideGrid: perUnitInsideGrid[j] as number,
        perVolPt: volPtsPerUnit === null ? null : exposure / volPtsPerUnit,
      }
    }),
    outsideGridShare,
    // One-month contracts cannot answer for vega years out, where loadings are extrapolated.
    hedge: threeInstrumentHedge(chain, fits, loadings, perUnitInsideGrid),
    exposureReason: null,
  }
}
