import type { Chain } from '../chain/chain.ts'

/** Puts over calls; null when there are no calls to divide by. */
export function putCallRatio(puts: number, calls: number): number | null {
  return calls > 0 ? puts / calls : null
}

/** Sums a per-row count (open interest or volume) over rows [from, to) by side; unknown counts add nothing. */
export function countBySide(
  chain: Chain,
  counts: Float64Array,
  from: number,
  to: number,
): { calls: number; puts: number } {
  let calls = 0
  let puts = 0
  for (let row = from; row < to; row++) {
    const count = counts[row] as number
    if (!(count > 0)) continue
    if ((chain.callSign[row] as number) > 0) calls += count
    else puts += count
  }
  return { calls, puts }
}
