import type { GammaTerms } from '../kernel/gammaTerms.ts'
import { netGammaAt } from '../kernel/netGamma.ts'
import { cubic, LADDER } from './gammaProfile.ts'

/** A spot price at which net gamma changes sign. */
export interface Crossing {
  readonly price: number
  /** d(net GEX per 1 %)/d(spot): positive where dealers turn long gamma on the way up. */
  readonly slopePer1PctPerPoint: number
  /** Largest |net GEX per 1 %| between this crossing and the next one, or the end of the ladder, on each side. */
  readonly massBelowPer1Pct: number
  readonly massAbovePer1Pct: number
  /** Smaller mass over the 90th percentile of |net GEX| along the ladder. */
  readonly significance: number
}

/** Ladder values smaller than this share of the peak are rounding, not gamma: their sign says nothing. */
const ROUNDING_SHARE = 1e-10
/** A Newton step this small ends the search inside a bracket: 6e-4 points of SPX. */
const LN_SPOT_TOLERANCE = 1e-7
/** From a ladder that is right to its fourth digit the step left after this one is its square over the bell's width. */
const LAST_FREE_STEP = 1e-5
const FREE_STEPS = 5
/** How far outside its levels, in levels, a crossing may turn out to be: the ladder interpolates. */
const SLACK = 0.25
const MAX_STEPS = 60
const PER_PERCENT = 0.01

/** S' over the lowest spot of the ladder, by level. */
const spotRatio = Float64Array.from({ length: LADDER.levels }, (_, level) => Math.exp(level * LADDER.step))

/** Rows whose exact sum a crossing is refined on. */
interface Rows {
  readonly terms: GammaTerms
  readonly from: number
  readonly to: number
}

interface Root {
  readonly lnSpot: number
  readonly slope: number
}

const evaluation = new Float64Array(2)

/**
 * Every sign change of the ladder, refined to 1e-6 of spot on the exact sum of rows [from, to): Newton's method from the
 * crossing of the ladder itself, which takes one or two sums, and inside the bracket should that leave it. Ascending by
 * price.
 */
export function findCrossings(
  ladder: Float64Array,
  lnSpot0: number,
  terms: GammaTerms,
  from: number,
  to: number,
): Crossing[] {
  const brackets = signChanges(ladder)
  if (brackets.length === 0) return []
  const sizes = exposureSizes(ladder, lnSpot0)
  const sorted = Float64Array.from(sizes).sort()
  // A book of a few narrow bells leaves most of the ladder empty.
  const least = ROUNDING_SHARE * (sorted[sorted.length - 1] as number)
  const typical = Math.max(least, sorted[Math.floor(0.9 * (sorted.length - 1))] as number)
  const rows = { terms, from, to }
  const crossings: Crossing[] = []
  for (const [i, [left, right]] of brackets.entries()) {
    const root = refine(rows, ladder, lnSpot0, left, right)
    if (root === null) continue
    const massBelowPer1Pct = peak(sizes, brackets[i - 1]?.[1] ?? 0, left)
    const massAbovePer1Pct = peak(sizes, right, brackets[i + 1]?.[0] ?? sizes.length - 1)
    crossings.push({
      price: Math.exp(root.lnSpot),
      slopePer1PctPerPoint: PER_PERCENT * root.slope,
      massBelowPer1Pct,
      massAbovePer1Pct,
      significance: Math.min(massBelowPer1Pct, massAbovePer1Pct) / typical,
    })
  }
  return crossings
}

/** Pairs of levels between which the ladder changes sign, levels lost in rounding left out. */
function signChanges(ladder: Float64Array): [number, number][] {
  let largest = 0
  for (let l = 0; l < ladder.length; l++) largest = Math.max(largest, Math.abs(ladder[l] as number))
  const changes: [number, number][] = []
  let last = -1
  for (let l = 0; l < ladder.length; l++) {
    const value = ladder[l] as number
    if (!(Math.abs(value) > ROUNDING_SHARE * largest)) continue
    if (last >= 0 && value > 0 !== (ladder[last] as number) > 0) changes.push([last, l])
    last = l
  }
  return changes
}

function refine(rows: Rows, ladder: Float64Array, lnSpot0: number, left: number, right: number): Root | null {
  const low = lnSpot0 + left * LADDER.step
  const high = lnSpot0 + right * LADDER.step
  const guess = lnSpot0 + ladderRoot(ladder, left, right) * LADDER.step
  const slack = SLACK * LADDER.step
  return newton(rows, guess, low - slack, high + slack) ?? bracketed(rows, low, high)
}

/** The level, with fraction, at which the cubic through four levels around the sign change is zero. */
function ladderRoot(ladder: Float64Array, left: number, right: number): number {
  const first = Math.min(Math.max(left - 1, 0), ladder.length - 4)
  const isPositive = (ladder[left] as number) > 0
  let low = left
  let high = right
  for (let halving = 0; halving < 24; halving++) {
    const middle = 0.5 * (low + high)
    if (cubic(ladder, first, middle - first) > 0 === isPositive) low = middle
    else high = middle
  }
  return low
}

/** Newton's method while it stays within [low, high]; null when it does not settle there. */
function newton(rows: Rows, guess: number, low: number, high: number): Root | null {
  let x = guess
  for (let step = 0; step < FREE_STEPS; step++) {
    const value = valueAt(rows, x)
    const slope = evaluation[1] as number
    const next = x - value / slope
    if (!(next >= low && next <= high)) return null
    if (Math.abs(next - x) < LAST_FREE_STEP) return { lnSpot: next, slope }
    x = next
  }
  return null
}

/** The root in [a, b] by Newton's method kept inside its bracket; null when the exact sum does not change sign there. */
function bracketed(rows: Rows, a: number, b: number): Root | null {
  const atA = valueAt(rows, a)
  const atB = valueAt(rows, b)
  if (atA > 0 === atB > 0) return null
  let low = a
  let high = b
  let x = a + (b - a) * (atA / (atA - atB))
  for (let step = 0; step < MAX_STEPS; step++) {
    const value = valueAt(rows, x)
    const slope = evaluation[1] as number
    if (value > 0 === atA > 0) low = x
    else high = x
    const newton = x - value / slope
    const next = newton > low && newton < high ? newton : 0.5 * (low + high)
    if (value === 0 || Math.abs(next - x) < LN_SPOT_TOLERANCE) return { lnSpot: next, slope }
    x = next
  }
  return { lnSpot: x, slope: evaluation[1] as number }
}

/** h at ln S'; its slope stays in `evaluation`. */
function valueAt({ terms, from, to }: Rows, lnSpot: number): number {
  netGammaAt(terms, from, to, lnSpot, evaluation)
  return evaluation[0] as number
}

/** |net GEX per 1 %| by level. */
function exposureSizes(ladder: Float64Array, lnSpot0: number): Float64Array {
  const scale = PER_PERCENT * Math.exp(lnSpot0)
  return spotRatio.map((ratio, level) => Math.abs(scale * ratio * (ladder[level] as number)))
}

function peak(sizes: Float64Array, from: number, to: number): number {
  let largest = 0
  for (let l = from; l <= to; l++) largest = Math.max(largest, sizes[l] as number)
  return largest
}
