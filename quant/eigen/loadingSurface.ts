import type { Loadings } from './basisAngle.ts'
import { NODE_DEVIATIONS, NODE_TENORS_DAYS } from './surfaceNodes.ts'

const COLUMNS = NODE_DEVIATIONS.length
const ROOT_TENORS = NODE_TENORS_DAYS.map((days) => Math.sqrt(days / 365))

/**
 * Loadings of the components at every node of the grid, nodes without one filled in. Between nodes they are linear in
 * deviations and in √T (the size of volatility moves goes roughly with its inverse), and flat beyond the outermost
 * nodes: a contract of today moves like one of seven days.
 */
export interface LoadingSurface {
  readonly components: readonly Float64Array[]
}

export function loadingSurface(components: readonly { readonly loadings: Loadings }[]): LoadingSurface {
  return { components: components.map(({ loadings }) => filled(loadings)) }
}

/** Loadings of each component over `NODE_DEVIATIONS` at one time to settlement, one component after the other. */
export function loadingsAtYears({ components }: LoadingSurface, years: number): Float64Array {
  const out = new Float64Array(components.length * COLUMNS)
  for (const [j, grid] of components.entries()) {
    for (let column = 0; column < COLUMNS; column++) {
      const down = ROOT_TENORS.map((_, tenor) => grid[tenor * COLUMNS + column] as number)
      out[j * COLUMNS + column] = interpolated(ROOT_TENORS, down, Math.sqrt(years))
    }
  }
  return out
}

/** Missing nodes along the smile first; a tenor without any takes those around it. */
function filled(loadings: Loadings): Float64Array {
  const grid = Float64Array.from(loadings, (loading) => loading ?? Number.NaN)
  for (let tenor = 0; tenor < ROOT_TENORS.length; tenor++) {
    const smile = grid.slice(tenor * COLUMNS, (tenor + 1) * COLUMNS)
    for (const [column, deviation] of NODE_DEVIATIONS.entries()) {
      grid[tenor * COLUMNS + column] = interpolated(NODE_DEVIATIONS, smile, deviation)
    }
  }
  const byTenor = Float64Array.from(grid)
  for (let place = 0; place < grid.length; place++) {
    const down = ROOT_TENORS.map((_, tenor) => byTenor[tenor * COLUMNS + (place % COLUMNS)] as number)
    grid[place] = interpolated(ROOT_TENORS, down, ROOT_TENORS[Math.floor(place / COLUMNS)] as number)
  }
  return grid
}

/** Linear between the finite values around x, the outermost one beyond them; NaN when there is none. */
function interpolated(at: readonly number[], values: ArrayLike<number>, x: number): number {
  let below = -1
  for (let i = 0; i < at.length; i++) {
    const value = values[i] as number
    if (!Number.isFinite(value)) continue
    const here = at[i] as number
    if (here >= x) {
      if (below < 0) return value
      const from = at[below] as number
      const low = values[below] as number
      return low + ((x - from) / (here - from)) * (value - low)
    }
    below = i
  }
  return below < 0 ? Number.NaN : (values[below] as number)
}
