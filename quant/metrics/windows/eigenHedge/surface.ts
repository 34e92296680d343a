import { METHODS, type EigenHedge } from '../../../eigen/eigenHedge.ts'
import type { EigenComponent, SurfaceModes } from '../../../eigen/surfaceModes.ts'
import { measured } from '../../measurement.ts'
import type { Metric } from '../../metric.ts'
import { eigenBasis, inEigenWords } from './basis.ts'

const SOURCE =
  'R. Cont and J. da Fonseca, "Dynamics of implied volatility surfaces" (2002); O. Ledoit and M. Wolf (2004)'
const COVARIANCE =
  'eigenvectors of the covariance of five-minute changes of ln IV at 28 nodes: 7, 30, 60, 90 days, −1.5 to 1.5 deviations'
const ANALYTIC = 'Under 60 changes the shapes of a quadratic smile stand in, which is flagged.'

const SHARED = { method: METHODS.empirical, usesSignModel: false, source: SOURCE } as const

const SCORES: readonly Metric<number>[] = [
  scoreMetric(
    'pc1Level',
    'Move of the level',
    'All volatilities up (positive) or down together.',
    ({ pc1Level }) => pc1Level,
  ),
  scoreMetric(
    'pc2Slope',
    'Move of the slope',
    'Put wing up against call wing (positive), or down.',
    ({ pc2Slope }) => pc2Slope,
  ),
  scoreMetric(
    'pc3Curvature',
    'Move of the curvature',
    'Both wings up against the middle (positive), or down.',
    ({ pc3Curvature }) => pc3Curvature,
  ),
]

function scoreMetric(
  name: string,
  title: string,
  meaning: string,
  read: (eigen: EigenHedge) => number | null,
): Metric<number> {
  return {
    ...SHARED,
    id: `eigenHedge.${name}`,
    title,
    unit: 'vol points',
    meaning: `${meaning} The surface’s latest five minutes, as the move of a typical node. ${ANALYTIC}`,
    formula: `100·σ_ATM/√nodes · (latest change of ln IV along the component); ${COVARIANCE}`,
    measure: (view) => {
      const { eigen } = view
      return measured(view, read(eigen), inEigenWords(eigen.reasons.scores), eigenBasis(view))
    },
  }
}

const EXPLAINED: Metric<number> = {
  ...SHARED,
  id: 'eigenHedge.explained',
  title: 'Explained by three components',
  unit: 'share of variance',
  meaning:
    'How much of all that the surface did lies along the three components. Small: a hedge along them leaves most of it.',
  formula: `(λ₁ + λ₂ + λ₃)/Σ λ; ${COVARIANCE}`,
  measure: (view) => {
    const { eigen } = view
    return measured(view, eigen.explained, inEigenWords(eigen.reasons.basis), {
      ...eigenBasis(view),
      contributions: () => ({
        kind: 'terms',
        unit: 'share of variance',
        total: eigen.explained,
        items: eigen.components.map(({ id, share, likeness }) => ({
          name: id,
          amount: share ?? 0,
          inputs: { likeness },
        })),
        rest: null,
      }),
    })
  },
}

const BASIS: Metric<string> = {
  ...SHARED,
  id: 'eigenHedge.basis',
  title: 'What components are made of',
  unit: 'empirical or analytic',
  meaning: `Empirical: the surface’s own moves of the last sessions. ${ANALYTIC}`,
  formula: 'empirical from 60 five-minute changes',
  measure: (view) => {
    const { eigen } = view
    return measured(view, eigen.basis, inEigenWords(eigen.reasons.scores), eigenBasis(view))
  },
}

/** Loadings tenor by tenor over `nodes`, each from the put wing to the call wing. */
interface Components {
  readonly nodes: SurfaceModes['nodes']
  readonly components: readonly EigenComponent[]
}

const COMPONENTS: Metric<Components> = {
  ...SHARED,
  id: 'eigenHedge.components',
  title: 'Components of the surface',
  unit: 'loadings: parts of a unit vector; scores: vol points and log-IV; angles: degrees',
  meaning:
    'Level, slope and curvature as the surface really moves. Likeness near 0: the name does not fit what the component is. Loadings are null where nobody quotes.',
  formula: `${COVARIANCE}; signs: level up, put wing up, wings up`,
  measure: (view) => {
    const { eigen } = view
    const { nodes, components, reasons } = eigen
    const value = components.length > 0 ? { nodes, components } : null
    return measured(view, value, inEigenWords(reasons.scores), eigenBasis(view))
  },
}

const ANGLE: Metric<number> = {
  ...SHARED,
  id: 'eigenHedge.subspaceAngle',
  title: 'Turn of the components',
  unit: 'degrees',
  meaning:
    'How far the three components together have turned since they were last kept. Near 0, a hedge made along the old ones still hedges.',
  formula: 'largest principal angle between the spaces that the two sets of components span',
  source: 'Å. Björck and G. Golub, "Numerical methods for computing angles between linear subspaces" (1973)',
  measure: (view) =>
    measured(
      view,
      view.eigen.subspaceAngleDegrees,
      'no earlier components to compare with',
      eigenBasis(view),
    ),
}

export const SURFACE_METRICS: readonly Metric[] = [...SCORES, EXPLAINED, BASIS, COMPONENTS, ANGLE]
