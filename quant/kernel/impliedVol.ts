import type { Chain } from '../chain/chain.ts'
import { refineVols } from './refineVols.ts'
import { seedVols } from './seedVols.ts'

/**
 * Implied volatility of rows [from, to) from `price`, `forward`, `discount` and `years`, into `vol` (NaN when there is
 * none) and `volStatus` (why). `warm` starts from the volatility already in `vol`, which halves the work when prices
 * have moved little; a row without one gets the cold guess.
 *
 * Agrees with `pricing/impliedVol.ts` within 1e-9 relative. A row whose price is NaN keeps a data fault (code 16 and
 * up) already in `volStatus`.
 */
export function impliedVolRange(chain: Chain, from: number, to: number, warm: boolean): void {
  for (let start = from; start < to;) {
    const e = chain.expiryIndex[start] as number
    const end = Math.min(to, chain.expiryStart[e + 1] as number)
    if (warm) seedMissing(chain, e, start, end)
    else seedVols(chain, e, start, end)
    refineVols(chain, e, start, end)
    start = end
  }
}

/** A quote that has just become usable has no volatility to start from. */
function seedMissing(chain: Chain, e: number, from: number, to: number): void {
  for (let i = from; i < to; i++) if (!((chain.vol[i] as number) > 0)) seedVols(chain, e, i, i + 1)
}
