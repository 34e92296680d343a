import type { Chain } from '../chain/chain.ts'

/**
 * Volatility at the forward of one expiry: total variance interpolated linearly in ln K between the priced strikes on
 * either side of it. Null when the forward is not between two priced strikes.
 */
export function atTheMoneyVol(chain: Chain, expiry: number): number | null {
  const { lnStrike, vol, expiryStart } = chain
  const lnForward = Math.log(chain.forward[expiry] as number)
  let below = -1
  for (let row = expiryStart[expiry] as number; row < (expiryStart[expiry + 1] as number); row++) {
    if (Number.isNaN(vol[row])) continue
    if ((lnStrike[row] as number) <= lnForward) {
      below = row
      continue
    }
    if (below < 0) return null
    const share =
      (lnForward - (lnStrike[below] as number)) / ((lnStrike[row] as number) - (lnStrike[below] as number))
    const low = (vol[below] as number) ** 2
    const high = (vol[row] as number) ** 2
    return Math.sqrt(low + share * (high - low))
  }
  return null
}
