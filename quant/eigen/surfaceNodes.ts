import type { SmileFit } from '../volatility/fitSmile.ts'
import { volSurface } from '../volatility/surface.ts'

/** A place on the volatility surface that stays the same place as spot, time and volatility move. */
export interface SurfaceNode {
  readonly tenorDays: number
  /** k = ln(K/F) over σ_ATM·√T. */
  readonly deviation: number
}

export const NODE_TENORS_DAYS = [7, 30, 60, 90] as const
/** Evenly spaced, which `loadingSurface.ts` relies on. */
export const NODE_DEVIATIONS = [-1.5, -1, -0.5, 0, 0.5, 1, 1.5] as const

/** Tenor by tenor, each from the put wing to the call wing. */
export const SURFACE_NODES: readonly SurfaceNode[] = NODE_TENORS_DAYS.flatMap((tenorDays) =>
  NODE_DEVIATIONS.map((deviation) => ({ tenorDays, deviation })),
)

/** ln of the annualised volatility at every node, NaN where nobody quotes one. */
export interface NodeRow {
  /** Market time of the quotes. */
  readonly asOfMs: number
  readonly lnVol: Float64Array
}

/** Reads the nodes off fitted smiles ascending in time. */
export function sampleNodes(fits: readonly SmileFit[], asOfMs: number): NodeRow {
  const { vol } = volSurface(fits, 'deviations', NODE_DEVIATIONS, NODE_TENORS_DAYS)
  return { asOfMs, lnVol: Float64Array.from(vol.flat(), (value) => Math.log(value ?? Number.NaN)) }
}

/** Volatility at the forward of the tenor nearest 30 days that has one; null when none has. */
export function referenceAtmVol(lnVol: Float64Array): number | null {
  const distance = ({ tenorDays }: SurfaceNode): number => Math.abs(tenorDays - 30)
  let best: number | null = null
  for (const [i, node] of SURFACE_NODES.entries()) {
    if (node.deviation !== 0 || !Number.isFinite(lnVol[i])) continue
    const known = best === null ? undefined : SURFACE_NODES[best]
    if (known === undefined || distance(node) < distance(known)) best = i
  }
  return best === null ? null : Math.exp(lnVol[best] as number)
}
