import type { Chain } from './chain.ts'
import { VOL_STATUS } from './volStatus.ts'

/** A spread may be this many price increments … */
const WIDE_TICKS = 5
/** … or this share of the mid, whichever is more, before the mid stops meaning anything. */
const WIDE_SHARE_OF_MID = 0.25

/**
 * Judges a quote: `priced` (0) when it is sound, else the code of its fault. Rules: bid above 0, ask above bid, spread
 * at most max(5 increments, 25 % of mid). An absent side is NaN, or 0 as vendors write it.
 */
export function quoteFault(bid: number, ask: number, priceIncrement: number): number {
  const hasBid = bid > 0 && bid < Infinity
  const hasAsk = ask > 0 && ask < Infinity
  if (!hasBid || !hasAsk) return hasBid || hasAsk ? VOL_STATUS.one_sided : VOL_STATUS.no_quote
  if (bid > ask) return VOL_STATUS.crossed
  if (bid === ask) return VOL_STATUS.locked
  const spread = ask - bid
  const wide = spread > Math.max(WIDE_TICKS * priceIncrement, (WIDE_SHARE_OF_MID * (bid + ask)) / 2)
  return wide ? VOL_STATUS.wide_spread : VOL_STATUS.priced
}

/**
 * Puts a quote into a row and returns its fault: the mid and half spread when both sides stand, otherwise NaN and the
 * fault in `volStatus`.
 *
 * A wide quote is reported but still priced. An approximate volatility misplaces a little gamma, none misplaces all of
 * it: leaving the wide quotes out of a recorded RUT chain (3 % of its open interest) moved zero gamma by 8 points, away
 * from the 1907 of the vendor's own volatilities. Fits that need good mids weigh by spread instead.
 */
export function setQuote(
  chain: Chain,
  row: number,
  bid: number,
  ask: number,
  priceIncrement: number,
): number {
  const fault = quoteFault(bid, ask, priceIncrement)
  const usable = fault === VOL_STATUS.priced || fault === VOL_STATUS.wide_spread
  chain.price[row] = usable ? 0.5 * (bid + ask) : Number.NaN
  chain.halfSpread[row] = usable ? 0.5 * (ask - bid) : Number.NaN
  if (!usable) chain.volStatus[row] = fault
  return fault
}
