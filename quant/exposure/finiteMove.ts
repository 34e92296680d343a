import { averagedDeltaChange } from '../averaging/averagedExpiry.ts'
import type { Chain } from '../chain/chain.ts'
import { fastExpNegative } from '../math/fastExp.ts'
import { fastMillsRatio } from '../math/fastMillsRatio.ts'

/** Half of the 1 % move, in ln spot, up and down. */
const LN_UP = Math.log1p(0.005)
const LN_DOWN = Math.log1p(-0.005)

/**
 * Writes Δ(1.005 S) − Δ(0.995 S) of rows [from, to): how much the delta of one contract really changes across a 1 %
 * move, repriced at both ends under sticky strike (the forward scales with spot). NaN where the row has no gamma.
 *
 * It is e^(−qT)·[N(z + h) − N(z − h)]. Where h is small against 1 that is 2h·φ(z) times an even series in h, and φ comes
 * from the gamma already known, so that no exponential is needed; elsewhere, near expiry, both ends are evaluated (as
 * European options: early exercise only enters by way of gamma).
 */
export function finiteDeltaChange(
  chain: Chain,
  spot: number,
  out: Float64Array,
  from = 0,
  to = chain.count,
): void {
  for (let start = from; start < to;) {
    const e = chain.expiryIndex[start] as number
    const end = Math.min(to, chain.expiryStart[e + 1] as number)
    if (chain.spotShare[e] === 1) changeOfExpiry(chain, spot, out, e, start, end)
    else averagedDeltaChange(chain, e, out, start, end, spot)
    start = end
  }
}

function changeOfExpiry(
  { lnStrike, vol, gamma, years, forward, discount, partner }: Chain,
  spot: number,
  out: Float64Array,
  e: number,
  from: number,
  to: number,
): void {
  const rootYears = Math.sqrt(years[e] as number)
  const lnForward = Math.log(forward[e] as number)
  const carry = ((forward[e] as number) * (discount[e] as number)) / spot
  // The series in half-width/σ√T is used up to a quarter, where its next term is 4e-9 of the peak.
  const widest = 0.25
  const halfWidth = 0.5 * (LN_UP - LN_DOWN)
  const middle = 0.5 * (LN_UP + LN_DOWN)
  for (let row = from; row < to; row++) {
    const sigma = vol[row] as number
    const invTotalVol = 1 / (sigma * rootYears)
    const d1 = (lnForward - (lnStrike[row] as number)) * invTotalVol + 0.5 * sigma * rootYears
    const h = halfWidth * invTotalVol
    const shift = middle * invTotalVol
    const z = d1 + shift
    let change: number
    if (h < widest) {
      const t = -shift * (d1 + 0.5 * shift)
      const z2 = z * z
      const h2 = h * h
      const fourth = (z2 - 6) * z2 + 3
      const sixth = ((z2 - 15) * z2 + 45) * z2 - 15
      const series = 1 + h2 * ((z2 - 1) * (1 / 6) + h2 * (fourth * (1 / 120) + h2 * sixth * (1 / 5040)))
      change =
        (gamma[row] as number) * spot * 2 * halfWidth * (1 + t * (1 + t * (0.5 + t * (1 / 6)))) * series
    } else change = carry * (cdf(z + h) - cdf(z - h))
    // Rounding aside a delta cannot change by more than a whole unit; exposures rely on it.
    change = change > 1 ? 1 : change
    out[row] = change
    // A strike's call and put share their volatility, so their deltas move by the same amount, unless early exercise
    // gives one of them another gamma.
    const isPair = partner[row] === row + 1 && row + 1 < to
    if (isPair && vol[row + 1] === sigma && gamma[row + 1] === gamma[row]) out[++row] = change
  }
}

/** N(z) to absolute rounding: only differences of it are used. */
function cdf(z: number): number {
  const invSqrt2Pi = 0.3989422804014327
  const tail = invSqrt2Pi * fastExpNegative(-0.5 * z * z) * fastMillsRatio(Math.abs(z))
  return z > 0 ? 1 - tail : tail
}
