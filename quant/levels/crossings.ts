import type { GammaTerms } from '../kernel/gammaTerms.ts'
import { netGammaAt } from '../kernel/netGamma.ts'
import { LADDER } from './gammaProfile.ts'

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
/** Refined until a step moves ln spot by less than this (6e-4 points of SPX). */
const LN_SPOT_TOLERANCE = 1e-7
const MAX_STEPS = 60
const PER_PERCENT = 0.01

const evaluation = new Float64Array(2)

/**
 * Every sign change of the ladder, refined on the exact sum of rows [from, to) by Newton's method kept inside its
 * bracket. Ascending by price.
 */
export function findCrossings(
  ladder: Float64Array,
  lnSpot0: number,
  terms: GammaTerms,
  from: number,
  to: number,
): Crossing[] {
  const brackets = signChanges(ladder)
  const typical = percentile90(ladder, lnSpot0)
  const crossings: Crossing[] = []
  for (const [i, [left, right]] of brackets.entries()) {
    const root = refine(terms, from, to, lnSpot0 + left * LADDER.step, lnSpot0 + right * LADDER.step)
    if (root === null) continue
    const massBelowPer1Pct = peakPer1Pct(ladder, lnSpot0, brackets[i - 1]?.[1] ?? 0, left)
    const massAbovePer1Pct = peakPer1Pct(ladder, lnSpot0, right, brackets[i + 1]?.[0] ?? ladder.length - 1)
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
  let peak = 0
  for (const value of ladder) peak = Math.max(peak, Math.abs(value))
  const changes: [number, number][] = []
  let last = -1
  for (let l = 0; l < ladder.length; l++) {
    const value = ladder[l] as number
    if (!(Math.abs(value) > ROUNDING_SHARE * peak)) continue
    if (last >= 0 && value > 0 !== (ladder[last] as number) > 0) changes.push([last, l])
    last = l
  }
  return changes
}

/** The root of h in [a, b], or null when the exact sum does not change sign there after all. */
function refine(
  terms: GammaTerms,
  from: number,
  to: number,
  a: number,
  b: number,
): { lnSpot: number; slope: number } | null {
  const at = (lnSpot: number): number => {
    netGammaAt(terms, from, to, lnSpot, evaluation)
    return evaluation[0] as number
  }
  const atA = at(a)
  const atB = at(b)
  if (atA > 0 === atB > 0) return null
  let low = a
  let high = b
  let x = a + (b - a) * (atA / (atA - atB))
  for (let step = 0; step < MAX_STEPS; step++) {
    const value = at(x)
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

function exposureAt(ladder: Float64Array, lnSpot0: number, level: number): number {
  return Math.abs(PER_PERCENT * Math.exp(lnSpot0 + level * LADDER.step) * (ladder[level] as number))
}

function peakPer1Pct(ladder: Float64Array, lnSpot0: number, from: number, to: number): number {
  let peak = 0
  for (let l = from; l <= to; l++) peak = Math.max(peak, exposureAt(ladder, lnSpot0, l))
  return peak
}

function percentile90(ladder: Float64Array, lnSpot0: number): number {
  const sizes = ladder.map((_, level) => exposureAt(ladder, lnSpot0, level)).sort()
  return sizes[Math.floor(0.9 * (sizes.length - 1))] as number
}
