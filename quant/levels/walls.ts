/**
 * Strikes where open gamma is concentrated. Gamma is summed over the expiries of the set first and ranked by strike
 * after, never per strike-and-expiry row.
 */
export interface StrikeColumns {
  /** Ascending. */
  readonly strike: Float64Array
  /** Unsigned gamma exposure per 1 % of spot, and contracts, per strike. */
  readonly callGamma: Float64Array
  readonly putGamma: Float64Array
  readonly callOpenInterest: Float64Array
  readonly putOpenInterest: Float64Array
}

export interface Wall {
  readonly strike: number
  /** What it was ranked by: unsigned gamma exposure per 1 % of spot, or contracts for the `oi` variant. */
  readonly size: number
  /** Of the same kind over all strikes. */
  readonly shareOfSide: number
}

export interface Walls {
  readonly call: Wall | null
  readonly put: Wall | null
}

/**
 * `side` is canonical: call wall the largest call gamma at or above spot, put wall the largest put gamma at or below.
 * `any_side` drops the spot condition, `net` ranks call minus put gamma (and the reverse) anywhere, `oi` ranks
 * contracts anywhere.
 */
export const WALL_VARIANTS = ['side', 'any_side', 'net', 'oi'] as const
export type WallVariant = (typeof WALL_VARIANTS)[number]

export function walls(columns: StrikeColumns, spot: number, variant: WallVariant): Walls {
  const { call, put } = wallSizes(columns, variant)
  const { strike } = columns
  if (variant !== 'side') return { call: largest(strike, call, spot), put: largest(strike, put, spot) }
  return {
    call: largest(strike, call, spot, spot),
    put: largest(strike, put, spot, -Infinity, spot),
  }
}

/** What a variant ranks strikes by, whichever side of spot they are on. */
export function wallSizes(
  { callGamma, putGamma, callOpenInterest, putOpenInterest }: StrikeColumns,
  variant: WallVariant,
): { call: Float64Array; put: Float64Array } {
  if (variant === 'oi') return { call: callOpenInterest, put: putOpenInterest }
  if (variant !== 'net') return { call: callGamma, put: putGamma }
  const net = callGamma.map((gamma, k) => gamma - (putGamma[k] as number))
  return { call: net, put: net.map((value) => -value) }
}

/** The strike with the most gamma, calls and puts added. */
export function absoluteGammaStrike(columns: StrikeColumns, spot: number): Wall | null {
  return largest(columns.strike, absoluteGamma(columns), spot)
}

/** Unsigned gamma by strike, calls and puts added. */
export function absoluteGamma({ callGamma, putGamma }: StrikeColumns): Float64Array {
  return callGamma.map((gamma, k) => gamma + (putGamma[k] as number))
}

/** Largest positive value over strikes in [low, high]; a tie goes to the strike nearer spot. */
export function largest(
  strike: Float64Array,
  values: Float64Array,
  spot: number,
  low = -Infinity,
  high = Infinity,
): Wall | null {
  let best = -1
  let total = 0
  for (let k = 0; k < strike.length; k++) {
    const value = values[k] as number
    const at = strike[k] as number
    if (value > 0) total += value
    if (!(value > 0) || at < low || at > high) continue
    const most = best < 0 ? 0 : (values[best] as number)
    const nearer = best >= 0 && Math.abs(at - spot) < Math.abs((strike[best] as number) - spot)
    if (value > most || (value === most && nearer)) best = k
  }
  if (best < 0) return null
  const size = values[best] as number
  return { strike: strike[best] as number, size, shareOfSide: size / total }
}
