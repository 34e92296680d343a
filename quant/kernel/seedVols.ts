import type { Chain } from '../chain/chain.ts'
import { fastLog } from '../math/fastLog.ts'
import { etaNearZero, totalVolOfStraddle } from '../pricing/totalVolSeed.ts'

/**
 * Writes a closed-form first guess of `vol` for the given rows of expiry e (see `pricing/totalVolSeed.ts`). A row with
 * nothing to solve gets a guess that is meaningless or NaN; `refineVols` decides.
 *
 * A pass of its own, because guess and refinement together exceed what V8 inlines into one loop.
 */
export function seedVols(chain: Chain, e: number, rows: Int32Array): void {
  const { strike, lnStrike, invSqrtStrike, callSign, price, vol } = chain
  const forward = chain.forward[e] as number
  const lnForward = Math.log(forward)
  const invSqrtForward = 1 / Math.sqrt(forward)
  const invDiscount = 1 / (chain.discount[e] as number)
  const invRootYears = 1 / Math.sqrt(chain.years[e] as number)
  for (let j = 0; j < rows.length; j++) {
    const i = rows[j] as number
    const exercise = forward - (strike[i] as number)
    const invScale = invSqrtForward * (invSqrtStrike[i] as number)
    const intrinsic = Math.abs(exercise) * invScale
    const present = (price[i] as number) * invDiscount * invScale
    const value = exercise * (callSign[i] as number) > 0 ? present - intrinsic : present
    const straddle = intrinsic + 2 * value
    const v = intrinsic / straddle
    const eta = v < 0.25 ? etaNearZero(v) : (2 * v) / fastLog((intrinsic + value) / value)
    vol[i] = totalVolOfStraddle(lnForward - (lnStrike[i] as number), straddle, eta) * invRootYears
  }
}
