/**
 * Why a contract has, or has not, an implied volatility: the closed set of reasons and their codes in
 * `Chain.volStatus`. Codes below 16 are outcomes of the solver; codes from 16 are faults of the data, set by whoever
 * judged the quote before the solver ran. Codes are stored and sent: append, never renumber.
 */
export const VOL_STATUS = {
  /** `vol` holds the implied volatility. */
  priced: 0,
  /** An input is NaN or infinite. */
  not_finite: 1,
  /** Forward, strike or discount is zero or negative, so ln(F/K) has no meaning. */
  not_positive: 2,
  /** At or past settlement: no time left to carry a volatility. */
  expired: 3,
  /** Worth less than exercise: an arbitrage or a stale side, no volatility reproduces it. */
  below_intrinsic: 4,
  /** No time value above rounding: any sufficiently small volatility reproduces it. */
  at_intrinsic: 5,
  /** At or above the no-arbitrage ceiling (forward for a call, strike for a put, discounted). */
  above_maximum: 6,

  /** Neither side quoted. */
  no_quote: 16,
  /** Only one side quoted. */
  one_sided: 17,
  /** Bid above ask. */
  crossed: 18,
  /** Bid equal to ask. */
  locked: 19,
  /** Spread too wide for the mid to mean anything. */
  wide_spread: 20,
  /** Last quote too old. */
  stale: 21,
  /** No usable forward for the expiry. */
  no_forward: 22,
  /** Adjusted contract whose deliverable is unknown. */
  adjusted: 23,
} as const

export type VolStatus = keyof typeof VOL_STATUS

/** What the solver itself can answer instead of a volatility. */
export type NoVolReason =
  'not_finite' | 'not_positive' | 'expired' | 'below_intrinsic' | 'at_intrinsic' | 'above_maximum'

/** First code of the data faults; the solver keeps such a code on a row that has no price. */
export const FIRST_DATA_STATUS = 16

const nameOf = new Map<number, VolStatus>(
  Object.entries(VOL_STATUS).map(([name, code]) => [code, name as VolStatus]),
)

/** The name of a code in `Chain.volStatus`; an unknown code reads as `not_finite`, the least it can mean. */
export function volStatusName(code: number): VolStatus {
  return nameOf.get(code) ?? 'not_finite'
}
