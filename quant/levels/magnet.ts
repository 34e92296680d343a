import type { Chain } from '../chain/chain.ts'

/** The strike is looked for within this many expected moves of the forward. */
const EXPECTED_MOVES = 2

/**
 * The strike that gathers most hedging in the front expiry: largest |finite gamma exposure|, call and put added, within
 * two expected moves (F·σ_ATM·√T) of the forward. `finiteGamma` is unsigned and per row. Null when nothing there has
 * gamma or the expected move is unknown. Pinning theory: Avellaneda & Lipkin (2003).
 */
export function magnetStrike(
  chain: Chain,
  expiry: number,
  finiteGamma: Float64Array,
  atTheMoneyVol: number | null,
): number | null {
  if (atTheMoneyVol === null) return null
  const { strike, expiryStart } = chain
  const forward = chain.forward[expiry] as number
  const reach = EXPECTED_MOVES * forward * atTheMoneyVol * Math.sqrt(chain.years[expiry] as number)
  const end = expiryStart[expiry + 1] as number
  let best: number | null = null
  let most = 0
  let here = 0
  for (let row = expiryStart[expiry] as number; row < end; row++) {
    const at = strike[row] as number
    here += finiteGamma[row] as number
    if (row + 1 < end && strike[row + 1] === at) continue
    const nearer = best !== null && Math.abs(at - forward) < Math.abs(best - forward)
    if (Math.abs(at - forward) <= reach && (here > most || (here === most && here > 0 && nearer))) {
      most = here
      best = at
    }
    here = 0
  }
  return best
}
