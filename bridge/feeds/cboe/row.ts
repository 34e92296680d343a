/**
 * Turns the vendor's figures for one contract into a row, and its sentinels into missing-with-reason.
 *
 * Cboe writes 0 for everything it does not have: bid 0 is "no bid", ask 0 "no ask", a last of 0 "never traded".
 * An iv of 0 stands for expiring and untraded deep contracts, 0.02 and values at 24 and above are limits of its
 * solver; none of them is a volatility.
 */
import type { OccContract } from '#quant/contracts/occSymbol'
import { count, finite, positive, quoteMissing } from '../chain/figures.ts'
import type { ChainRow } from '../chain/snapshot.ts'

/** At or below this the vendor's iv is a sentinel (0 and 0.02 are both seen). */
const LOWEST_VENDOR_IV = 0.02
/** From here the vendor's iv is its solver's ceiling (24.001 is seen). */
const VENDOR_IV_CEILING = 24

export interface VendorFigures {
  readonly bid: number
  readonly ask: number
  readonly last: number
  readonly volume: number
  readonly openInterest: number
  readonly iv: number
  readonly delta: number
  readonly gamma: number
}

export function toRow(symbol: string, contract: OccContract, vendor: VendorFigures): ChainRow {
  const bid = positive(vendor.bid)
  const ask = positive(vendor.ask)
  const iv = vendor.iv > LOWEST_VENDOR_IV && vendor.iv < VENDOR_IV_CEILING ? vendor.iv : null
  return {
    symbol,
    root: contract.root,
    expiryDate: contract.expiryDate,
    strike: contract.strike,
    right: contract.right,
    bid,
    ask,
    quoteMissing: quoteMissing(vendor.bid, vendor.ask),
    last: positive(vendor.last),
    volume: count(vendor.volume),
    openInterest: count(vendor.openInterest),
    vendorIv: iv,
    vendorIvMissing: iv !== null ? 'none' : Number.isFinite(vendor.iv) ? 'vendor_sentinel' : 'invalid',
    vendorDelta: finite(vendor.delta),
    vendorGamma: finite(vendor.gamma),
  }
}
