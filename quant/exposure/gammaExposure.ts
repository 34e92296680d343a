import type { Chain } from '../chain/chain.ts'
import { fastExpNegative } from '../math/fastExp.ts'
import { fastMillsRatio } from '../math/fastMillsRatio.ts'
import { toExactGrid } from './exactSum.ts'

/** Size of the move gamma exposure is quoted for: 1 % of spot. */
const ONE_PERCENT = 0.01
const INV_SQRT_2PI = 0.3989422804014327

/**
 * Local gamma exposure per row, w·Γ·M·S²·0.01: currency of stock to trade per +1 % of spot if gamma did not change on
 * the way. `weights` is signed contracts. A row without gamma contributes 0. Source: SqueezeMetrics, "Gamma
 * Exposure" (2017), in the per-1 % unit.
 */
export function localGammaExposure(
  chain: Chain,
  spot: number,
  weights: Float64Array,
  out: Float64Array,
): void {
  const { gamma, multiplier } = chain
  const scale = spot * spot * ONE_PERCENT
  for (let row = 0; row < chain.count; row++) {
    const exposure = (weights[row] as number) * (gamma[row] as number) * (multiplier[row] as number) * scale
    out[row] = exposure - exposure === 0 ? toExactGrid(exposure) : 0
  }
}

/**
 * Finite-move gamma exposure per row, w·M·S·[Δ(S·1.005) − Δ(S·0.995)]: what the hedge really changes by across a 1 %
 * move, repriced at both ends under sticky strike (the forward scales with spot). Bounded by w·M·S, where the local
 * figure grows without limit as an at-the-money contract expires; the two agree when σ√T is well above 1 %.
 */
export function finiteGammaExposure(
  chain: Chain,
  spot: number,
  weights: Float64Array,
  out: Float64Array,
): void {
  const { lnStrike, multiplier, vol, years, forward, discount, expiryStart } = chain
  const lnUp = Math.log1p(0.5 * ONE_PERCENT)
  const lnDown = Math.log1p(-0.5 * ONE_PERCENT)
  for (let e = 0; e < chain.expiryCount; e++) {
    const rootYears = Math.sqrt(years[e] as number)
    const lnForward = Math.log(forward[e] as number)
    const carry = ((forward[e] as number) * (discount[e] as number)) / spot
    let strike = Number.NaN
    let sigma = Number.NaN
    let deltaChange = Number.NaN
    for (let row = expiryStart[e] as number; row < (expiryStart[e + 1] as number); row++) {
      // A strike's call and put share their volatility, and their deltas move by the same amount.
      if (lnStrike[row] !== strike || vol[row] !== sigma) {
        strike = lnStrike[row] as number
        sigma = vol[row] as number
        const totalVol = sigma * rootYears
        const d1 = (lnForward - strike) / totalVol + 0.5 * totalVol
        deltaChange = carry * (cdf(d1 + lnUp / totalVol) - cdf(d1 + lnDown / totalVol))
      }
      const cap = Math.abs((weights[row] as number) * (multiplier[row] as number) * spot)
      const exposure = (weights[row] as number) * (multiplier[row] as number) * spot * deltaChange
      out[row] = exposure - exposure === 0 ? toExactGrid(Math.min(cap, Math.max(-cap, exposure))) : 0
    }
  }
}

/** N(z) to absolute rounding: only differences of it are used. */
function cdf(z: number): number {
  const tail = INV_SQRT_2PI * fastExpNegative(-0.5 * z * z) * fastMillsRatio(Math.abs(z))
  return z > 0 ? 1 - tail : tail
}
