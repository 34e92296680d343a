/** A sign change of a figure along the strikes: the price is interpolated linearly, the evidence is the two strikes. */
export interface StrikeCrossing {
  readonly price: number
  readonly lowStrike: number
  readonly highStrike: number
  /** The figure at either strike, in its unit. */
  readonly atLowStrike: number
  readonly atHighStrike: number
  /** Smaller of the largest sizes the figure reaches on either side before its next sign change, over its largest. */
  readonly significance: number
}

/**
 * `resolved`: a significant sign change. `noise_floor`: sign changes, none significant. `one_signed`: none at all.
 * `no_data`: no strike has net gamma.
 */
export interface StrikeFlip {
  /** The significant crossing nearest spot; null unless `resolved`. */
  readonly nearest: number | null
  readonly status: 'resolved' | 'noise_floor' | 'one_signed' | 'no_data'
  /** Every crossing, significant or not, ascending. */
  readonly crossings: readonly StrikeCrossing[]
}

/** `significant` is the least significance of a crossing that may be named. */
export function strikeFlip(
  strike: Float64Array,
  values: Float64Array,
  spot: number,
  significant: number,
): StrikeFlip {
  if (values.every((value) => value === 0)) return { nearest: null, status: 'no_data', crossings: [] }
  const crossings = crossingsAlong(strike, values)
  if (crossings.length === 0) return { nearest: null, status: 'one_signed', crossings }
  const nearest = nearestPrice(
    crossings.filter(({ significance }) => significance >= significant),
    spot,
  )
  return { nearest, status: nearest === null ? 'noise_floor' : 'resolved', crossings }
}

/** Strikes whose net is exactly zero hold no position: they are no neighbours, and adding one must change nothing. */
export function dropEmptyStrikes(
  strike: Float64Array,
  net: Float64Array,
): { strike: Float64Array; net: Float64Array } {
  const holds = (_: number, k: number): boolean => net[k] !== 0
  return { strike: strike.filter(holds), net: net.filter(holds) }
}

/** Strikes of one sign in a row, zeros left out. */
interface Run {
  readonly first: number
  last: number
  peak: number
}

function crossingsAlong(strike: Float64Array, values: Float64Array): StrikeCrossing[] {
  const runs = runsOfOneSign(values)
  const largest = Math.max(...runs.map(({ peak }) => peak))
  const crossings: StrikeCrossing[] = []
  for (const [i, above] of runs.entries()) {
    const below = runs[i - 1]
    if (below === undefined) continue
    const lowStrike = strike[below.last] as number
    const highStrike = strike[above.first] as number
    const atLowStrike = values[below.last] as number
    const atHighStrike = values[above.first] as number
    // A strike in between where the figure is exactly zero is the crossing itself.
    const isExact = above.first > below.last + 1
    const share = atLowStrike / (atLowStrike - atHighStrike)
    const price = isExact ? (strike[below.last + 1] as number) : lowStrike + share * (highStrike - lowStrike)
    const significance = Math.min(below.peak, above.peak) / largest
    crossings.push({ price, lowStrike, highStrike, atLowStrike, atHighStrike, significance })
  }
  return crossings
}

function runsOfOneSign(values: Float64Array): Run[] {
  const runs: Run[] = []
  let run: Run | undefined
  for (let k = 0; k < values.length; k++) {
    const value = values[k] as number
    if (value === 0) continue
    if (run !== undefined && value > 0 === (values[run.first] as number) > 0) {
      run.last = k
      run.peak = Math.max(run.peak, Math.abs(value))
    } else {
      run = { first: k, last: k, peak: Math.abs(value) }
      runs.push(run)
    }
  }
  return runs
}

function nearestPrice(crossings: readonly StrikeCrossing[], spot: number): number | null {
  let nearest: number | null = null
  for (const { price } of crossings) {
    if (nearest === null || Math.abs(price - spot) < Math.abs(nearest - spot)) nearest = price
  }
  return nearest
}
