import type { Chain } from '../chain/chain.ts'
import { refineVols } from './refineVols.ts'
import { seedVols } from './seedVols.ts'

/**
 * Implied volatility of the given rows, ascending, from `price`, `forward`, `discount` and `years`, into `vol` (NaN
 * when there is none) and `volStatus` (why). `warm` starts from the volatility already in `vol`, which halves the work
 * when prices have moved little; a row without one gets the cold guess.
 *
 * Agrees with `pricing/impliedVol.ts` within 1e-9 relative. A row whose price is NaN keeps a data fault (code 16 and
 * up) already in `volStatus`.
 */
export function impliedVolRows(chain: Chain, rows: Int32Array, warm: boolean): void {
  const seeds = warm ? rows.filter((row) => !((chain.vol[row] as number) > 0)) : rows
  forEachExpiry(chain, seeds, seedVols)
  forEachExpiry(chain, rows, refineVols)
}

/** The same for every row of [from, to). */
export function impliedVolRange(chain: Chain, from: number, to: number, warm: boolean): void {
  const rows = new Int32Array(to - from)
  for (let i = 0; i < rows.length; i++) rows[i] = from + i
  impliedVolRows(chain, rows, warm)
}

const oneRow = new Int32Array(1)

/** The same for one row, warm, without allocating: what a quote tick asks for. */
export function impliedVolRow(chain: Chain, row: number): void {
  const e = chain.expiryIndex[row] as number
  oneRow[0] = row
  if (!((chain.vol[row] as number) > 0)) seedVols(chain, e, oneRow)
  refineVols(chain, e, oneRow)
}

function forEachExpiry(
  chain: Chain,
  rows: Int32Array,
  work: (chain: Chain, e: number, rows: Int32Array) => void,
): void {
  for (let start = 0; start < rows.length;) {
    const e = chain.expiryIndex[rows[start] as number] as number
    const firstOfNext = chain.expiryStart[e + 1] as number
    let end = start + 1
    while (end < rows.length && (rows[end] as number) < firstOfNext) end++
    work(chain, e, rows.subarray(start, end))
    start = end
  }
}
