import type { Chain } from '../chain/chain.ts'
import { atTheMoneyVol } from '../levels/atTheMoneyVol.ts'

const WING_DELTA = 0.25

/**
 * The sign model M6 gives the calls of each expiry, in [−1, 1]:
 *
 *     s = (IV 25Δ put − IV 25Δ call) / (|IV 25Δ put − IV ATM| + |IV 25Δ call − IV ATM|)
 *
 * The naive model has customers selling calls and buying puts. A wing bid above the money is one customers buy, so a
 * market that pays up for calls says dealers are short them. With puts bid and calls offered, as in an index, s is 1
 * and M6 is M1; with both wings bid alike it is 0, calls cannot be told; with calls bid and puts offered it is −1.
 * Free of parameters and bounded by the triangle inequality. The idea is the "skew adjusted GEX" of tradingvolatility.net,
 * whose formula is not published. NaN where an expiry has no such volatilities.
 */
export function fillSkewSigns(chain: Chain, spot: number, out: Float64Array): void {
  for (let e = 0; e < chain.expiryCount; e++) out[e] = skewSign(chain, spot, e)
}

function skewSign(chain: Chain, spot: number, e: number): number {
  const atTheMoney = atTheMoneyVol(chain, e)
  if (atTheMoney === null) return Number.NaN
  const carry = ((chain.forward[e] as number) * (chain.discount[e] as number)) / spot
  const put = wingVol(chain, e, carry, -1)
  const call = wingVol(chain, e, carry, 1)
  const size = Math.abs(put - atTheMoney) + Math.abs(call - atTheMoney)
  return size > 0 ? (put - call) / size : Number.NaN
}

/**
 * Volatility at forward delta 0.25 of calls (`callSign` 1) or puts (−1), linear in delta between the two listed strikes
 * around it, looked for from the wing inwards. NaN when the wing has no priced strike.
 */
function wingVol(
  { delta, vol, callSign, expiryStart }: Chain,
  e: number,
  carry: number,
  side: 1 | -1,
): number {
  const first = expiryStart[e] as number
  const last = (expiryStart[e + 1] as number) - 1
  let beyond = -1
  for (let row = side > 0 ? last : first; row >= first && row <= last; row -= side) {
    if (callSign[row] !== side || Number.isNaN(vol[row])) continue
    const here = Math.abs(delta[row] as number) / carry
    if (here < WING_DELTA) {
      beyond = row
      continue
    }
    if (beyond < 0) return Number.NaN
    const there = Math.abs(delta[beyond] as number) / carry
    const share = (WING_DELTA - there) / (here - there)
    return (vol[beyond] as number) + share * ((vol[row] as number) - (vol[beyond] as number))
  }
  return Number.NaN
}
