import type { Chain } from './chain.ts'
import { impliedVolRow, impliedVolRows } from '../kernel/impliedVol.ts'

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
  const { price, volStatus } = chain
  const rows = decidingRows(chain)
  for (let j = 0; j < rows.length; j++) {
    const row = rows[j] as number
    if (Number.isNaN(price[row])) volStatus[row] = quoteFaults[row] as number
  }
  impliedVolRows(chain, rows, warm)
  for (let j = 0; j < rows.length; j++) shareVol(chain, rows[j] as number)
}

/** The same for the strike of one row, starting from the volatility it has. */
export function solveStrikeVol(chain: Chain, quoteFaults: Uint8Array, row: number): void {
  const from = decidingRow(chain, row)
  if (Number.isNaN(chain.price[from])) chain.volStatus[from] = quoteFaults[from] as number
  impliedVolRow(chain, from)
  shareVol(chain, from)
}

/** The row whose price decides the volatility of `row`: itself or its partner. */
export function decidingRow({ partner, strike, forward, expiryIndex }: Chain, row: number): number {
  const other = partner[row] as number
  if (other < 0) return row
  const callIsOut = (strike[row] as number) >= (forward[expiryIndex[row] as number] as number)
  return callIsOut ? Math.min(row, other) : Math.max(row, other)
}

/** Gives both rows of every strike the out-of-the-money side's volatility and status. */
export function shareOutOfTheMoneyVols(chain: Chain): void {
  const { partner } = chain
  for (let row = 0; row < chain.count; row++) {
    // The call of each pair speaks for both.
    if ((partner[row] as number) > row) shareVol(chain, decidingRow(chain, row))
  }
}

function shareVol({ partner, vol, volStatus }: Chain, from: number): void {
  const to = partner[from] as number
  if (to < 0) return
  vol[to] = vol[from] as number
  volStatus[to] = volStatus[from] as number
}

/** Every row that decides its own volatility, as `decidingRow` says, an expiry at a time. */
function decidingRows({ count, partner, strike, forward, expiryStart, expiryCount }: Chain): Int32Array {
  const rows = new Int32Array(count)
  let found = 0
  for (let e = 0; e < expiryCount; e++) {
    const end = expiryStart[e + 1] as number
    const forwardHere = forward[e] as number
    for (let row = expiryStart[e] as number; row < end; row++) {
      const other = partner[row] as number
      const isOut = (strike[row] as number) >= forwardHere === row < other
      if (other < 0 || isOut) rows[found++] = row
    }
  }
  return rows.subarray(0, found)
}
