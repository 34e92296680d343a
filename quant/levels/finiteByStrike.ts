import { toExactGrid } from '../exposure/exactSum.ts'
import { finiteDeltaChange } from '../exposure/finiteMove.ts'
import type { ChainView } from './chainView.ts'

/** What one contract's hedge changes by across a 1 % move, per row, in currency: M·S·[Δ(1.005 S) − Δ(0.995 S)]. */
export function finiteGammaPerContract({ chain, spot, sections }: ChainView): Float64Array {
  const perContract = new Float64Array(chain.count).fill(Number.NaN)
  finiteDeltaChange(chain, spot, perContract, sections.start, sections.end)
  for (let row = 0; row < chain.count; row++)
    perContract[row] = (perContract[row] as number) * (chain.multiplier[row] as number) * spot
  return perContract
}

/**
 * Sums contracts × figure by strike over rows [from, to), by default all; a row without a figure, or on a side not asked
 * for, adds nothing.
 */
export function sumByStrike(
  { chain }: ChainView,
  perContract: Float64Array,
  contracts: Float64Array,
  { from = 0, to = chain.count, side = null }: { from?: number; to?: number; side?: 1 | -1 | null } = {},
): Float64Array {
  const sums = new Float64Array(chain.strikeCount)
  for (let row = from; row < to; row++) {
    const exposure = (perContract[row] as number) * (contracts[row] as number)
    if (!Number.isFinite(exposure) || (side !== null && chain.callSign[row] !== side)) continue
    const k = chain.strikeIndex[row] as number
    sums[k] = (sums[k] as number) + toExactGrid(exposure)
  }
  return sums
}
