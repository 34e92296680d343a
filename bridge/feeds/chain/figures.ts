/** A vendor's numbers as ours: what is not a figure is null with its reason. NaN stands for text that is no number. */
import type { MissingReason } from '#schemas/tick'

/** A price; vendors write 0 for one they do not have. */
export function positive(value: number): number | null {
  return value > 0 && value < Infinity ? value : null
}

/** A count, of which 0 is one. */
export function count(value: number): number | null {
  return value >= 0 && value < Infinity ? value : null
}

export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

/** Which side of a quote the vendor's bid and ask leave missing. */
export function quoteMissing(bid: number, ask: number): MissingReason {
  if (!(bid >= 0 && ask >= 0)) return 'invalid'
  if (positive(bid) !== null) return positive(ask) !== null ? 'none' : 'no_ask'
  return positive(ask) !== null ? 'no_bid' : 'no_quote'
}
