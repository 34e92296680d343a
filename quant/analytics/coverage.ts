import type { Chain } from '../chain/chain.ts'
import { VOL_STATUS, volStatusName, type VolStatus } from '../chain/volStatus.ts'
import type { Coverage } from './chainAnalytics.ts'

/** What share of the live chain (rows from `from` on) the figures rest on, and why the rest is missing. */
export function coverage(chain: Chain, quoteFaults: Uint8Array, from: number): Coverage {
  const counts = new Uint32Array(256)
  let open = 0
  let openPriced = 0
  let wide = 0
  let priced = 0
  for (let row = from; row < chain.count; row++) {
    const status = chain.volStatus[row] as number
    if (status !== VOL_STATUS.priced) counts[status] = (counts[status] as number) + 1
    else priced++
    if (quoteFaults[row] === VOL_STATUS.wide_spread) wide++
    const contracts = chain.openInterest[row] as number
    if (!(contracts > 0)) continue
    open += contracts
    if (status === VOL_STATUS.priced) openPriced += contracts
  }
  counts[VOL_STATUS.priced] = priced
  const volStatus: Partial<Record<VolStatus, number>> = {}
  for (const [code, rows] of counts.entries()) if (rows > 0) volStatus[volStatusName(code)] = rows
  return {
    contracts: chain.count,
    live: chain.count - from,
    priced,
    openInterestPriced: open > 0 ? openPriced / open : null,
    wideQuotes: wide,
    volStatus,
  }
}
