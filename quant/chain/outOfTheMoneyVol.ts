import type { Chain } from './chain.ts'
import { impliedVolRange } from '../kernel/impliedVol.ts'

/**
 * One volatility a strike, from its out-of-the-money side (call at or above the forward, put below): by parity both
 * sides have the same one, and the in-the-money mid hides it under intrinsic value and a wider spread. When the
 * out-of-the-money side cannot be priced the strike has no volatility, even if the other side could be: a strike whose
 * cheap side is worth nothing carries no gamma either, and an in-the-money mid would invent some. Only a strike listed
 * on one side alone uses that side.
 *
 * `quoteFaults` is what `setQuote` returned for each row; the reason is restored before solving because the side a
 * strike takes changes as the forward moves.
 */
export function solveVols(chain: Chain, quoteFaults: Uint8Array, warm: boolean): void {
  for (let row = 0; row < chain.count; row++) {
    if (Number.isNaN(chain.price[row])) chain.volStatus[row] = quoteFaults[row] as number
  }
  impliedVolRange(chain, 0, chain.count, warm)
  shareOutOfTheMoneyVols(chain)
}

/** Gives both rows of every strike the out-of-the-money side's volatility and status. */
export function shareOutOfTheMoneyVols(chain: Chain): void {
  const { callSign, strike, strikeIndex, expiryIndex, vol, volStatus, forward } = chain
  for (let call = 0; call + 1 < chain.count; call++) {
    const isPair =
      (callSign[call] as number) > 0 &&
      (callSign[call + 1] as number) < 0 &&
      strikeIndex[call] === strikeIndex[call + 1] &&
      expiryIndex[call] === expiryIndex[call + 1]
    if (!isPair) continue
    const callIsOut = (strike[call] as number) >= (forward[expiryIndex[call] as number] as number)
    const from = callIsOut ? call : call + 1
    const to = callIsOut ? call + 1 : call
    vol[to] = vol[from] as number
    volStatus[to] = volStatus[from] as number
  }
}
