import { normalPdf } from '../math/normal.ts'
import { strikeAtDelta, volAt } from './deltaStrike.ts'
import type { TenorSlice } from './tenorSlice.ts'

const DELTAS = [0.1, 0.2, 0.3, 0.4]

export interface AverageSkew {
  /** Vega-weighted mean of IV(put) − IV(call), vol points. */
  readonly averageSkewVolPts: number | null
  /** Pairs of equal delta that took part, at most four an expiry. */
  readonly pairs: number
  readonly reason: 'no_delta_pairs' | null
}

/**
 * One number for the skew of a whole chain: over all expiries, the difference between put and call volatility at equal
 * |delta| from 0.1 to 0.4, weighted by vega. Kept because dashboards publish it; it moves with the set of listed
 * expiries, which constant-maturity skew does not.
 */
export function averageSkew(slices: readonly TenorSlice[]): AverageSkew {
  let sum = 0
  let weights = 0
  let pairs = 0
  for (const slice of slices) {
    for (const delta of DELTAS) {
      const put = strikeAtDelta(slice, delta, 'put')
      const call = strikeAtDelta(slice, delta, 'call')
      if (put === null || call === null) continue
      // Both legs have |d₁| = N⁻¹(1 − delta), hence the same vega D·F·φ(d₁)·√T.
      const s = Math.sqrt(slice.at(call).w)
      const vega = slice.discount * slice.forward * normalPdf(-call / s + 0.5 * s) * Math.sqrt(slice.years)
      sum += vega * (volAt(slice, put) - volAt(slice, call))
      weights += vega
      pairs++
    }
  }
  return pairs > 0
    ? { averageSkewVolPts: (100 * sum) / weights, pairs, reason: null }
    : { averageSkewVolPts: null, pairs, reason: 'no_delta_pairs' }
}
