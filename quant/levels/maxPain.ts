import type { Chain } from '../chain/chain.ts'

/**
 * Max pain of one expiry: the strike at which the open contracts pay out least,
 * min over P of Σ OI_call·max(0, P − K) + OI_put·max(0, K − P). Candidates are the listed strikes; a tie goes to the
 * lowest; null without open interest. Never pooled over expiries: they do not settle on one price.
 *
 * The payout is piecewise linear and convex in P with slope (calls at or below P) − (puts above P), so the minimum is
 * the first strike whose slope to the right is not negative.
 */
export function maxPain(chain: Chain, expiry: number): number | null {
  const { callSign, openInterest, strike, expiryStart } = chain
  const start = expiryStart[expiry] as number
  const end = expiryStart[expiry + 1] as number
  let slope = 0
  let total = 0
  for (let row = start; row < end; row++) {
    const open = openInterest[row] as number
    if (!(open > 0)) continue
    total += open
    if ((callSign[row] as number) < 0) slope -= open
  }
  if (total === 0) return null
  for (let row = start; row < end; row++) {
    const open = openInterest[row] as number
    // Passing a strike, its calls begin to pay and its puts stop: both add to the slope.
    if (open > 0) slope += open
    const isLastOfStrike = row + 1 === end || strike[row + 1] !== strike[row]
    if (isLastOfStrike && slope >= 0) return strike[row] as number
  }
  return null
}

/** What the open contracts of one expiry pay out if it settles at `price`: contracts × currency per unit of underlying. */
export function payoutAt(chain: Chain, expiry: number, price: number): number {
  const { callSign, openInterest, strike, expiryStart } = chain
  let payout = 0
  for (let row = expiryStart[expiry] as number; row < (expiryStart[expiry + 1] as number); row++) {
    const open = openInterest[row] as number
    if (open > 0) payout += open * Math.max(0, (callSign[row] as number) * (price - (strike[row] as number)))
  }
  return payout
}
