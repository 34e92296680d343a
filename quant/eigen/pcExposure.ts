import type { Chain } from '../chain/chain.ts'
import type { SmileFit } from '../volatility/fitSmile.ts'
import { sliceAtTenor } from '../volatility/tenorSlice.ts'
import { loadingsAtYears, type LoadingSurface } from './loadingSurface.ts'
import { NODE_DEVIATIONS, NODE_TENORS_DAYS } from './surfaceNodes.ts'

const COLUMNS = NODE_DEVIATIONS.length
const FIRST_DEVIATION = NODE_DEVIATIONS[0]
const STEP = NODE_DEVIATIONS[1] - FIRST_DEVIATION
const [SHORTEST_DAYS] = NODE_TENORS_DAYS
const LONGEST_DAYS = Math.max(...NODE_TENORS_DAYS)

/** What positions gain when ln IV moves by one along each component's unit vector. */
export interface PcExposures {
  /** β, currency per unit of score. */
  readonly perUnit: readonly number[]
  /** The part of it that needs no extrapolation: contracts between the outermost nodes. */
  readonly perUnitInsideGrid: readonly number[]
  /**
   * Share of Σ|vega·IV·position| held in contracts outside the grid, whose loadings are those of its edge; null when the
   * positions have no vega.
   */
  readonly outsideGridShare: number | null
}

/** Sums while walking the chain. */
interface Sums {
  readonly perUnit: Float64Array
  readonly perUnitInside: Float64Array
  gross: number
  outside: number
}

/**
 * β_j = Σ vega·IV·position·M·v_j(contract), v_j from the loading surface at the contract's own deviations and time.
 * `positions` are contracts per row of the chain, long positive; a row without volatility or greeks adds nothing. Over
 * expiries [from, to), by default all.
 */
export function pcExposures(
  chain: Chain,
  fits: readonly SmileFit[],
  surface: LoadingSurface,
  positions: Float64Array,
  from = 0,
  to = chain.expiryCount,
): PcExposures {
  const count = surface.components.length
  const sums: Sums = {
    perUnit: new Float64Array(count),
    perUnitInside: new Float64Array(count),
    gross: 0,
    outside: 0,
  }
  for (let e = from; e < to; e++) {
    const years = chain.years[e] as number
    if (years > 0)
      addExpiry(sums, chain, e, positions, loadingsAtYears(surface, years), atmVolAt(fits, years))
  }
  const { perUnit, perUnitInside, gross, outside } = sums
  return {
    perUnit: [...perUnit],
    perUnitInsideGrid: [...perUnitInside],
    outsideGridShare: gross > 0 ? outside / gross : null,
  }
}

function addExpiry(
  sums: Sums,
  chain: Chain,
  e: number,
  positions: Float64Array,
  loadings: Float64Array,
  atmVol: number,
): void {
  const { perUnit, perUnitInside } = sums
  const { lnStrike, vol, vega, multiplier } = chain
  const years = chain.years[e] as number
  const isTenorOutside = years * 365 < SHORTEST_DAYS || years * 365 > LONGEST_DAYS
  const lnForward = Math.log(chain.forward[e] as number)
  const perStep = 1 / (STEP * atmVol * Math.sqrt(years))
  const first = FIRST_DEVIATION / STEP
  const end = chain.expiryStart[e + 1] as number
  for (let row = chain.expiryStart[e] as number; row < end; row++) {
    const held = positions[row] as number
    if (held === 0) continue
    const place = ((lnStrike[row] as number) - lnForward) * perStep - first
    const value = (vega[row] as number) * (vol[row] as number) * (multiplier[row] as number) * held
    if (place - place !== 0 || value - value !== 0) continue
    const inside = place < 0 ? 0 : place > COLUMNS - 1 ? COLUMNS - 1 : place
    const left = Math.min(COLUMNS - 2, Math.floor(inside))
    const share = inside - left
    const isOutside = isTenorOutside || inside !== place
    for (let j = 0; j < perUnit.length; j++) {
      const at = j * COLUMNS + left
      const loading = (1 - share) * (loadings[at] as number) + share * (loadings[at + 1] as number)
      perUnit[j] = (perUnit[j] as number) + value * loading
      if (!isOutside) perUnitInside[j] = (perUnitInside[j] as number) + value * loading
    }
    const size = Math.abs(value)
    sums.gross += size
    if (isOutside) sums.outside += size
  }
}

/** Volatility at the forward at any time, beyond the fitted expiries that of the nearest: only a scale for deviations. */
function atmVolAt(fits: readonly SmileFit[], years: number): number {
  const found = sliceAtTenor(fits, 365 * years)
  if (found.ok) return found.slice.atmVol
  return (found.reason === 'before_first_expiry' ? fits[0] : fits.at(-1))?.atmVol ?? Number.NaN
}
