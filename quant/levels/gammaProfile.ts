import { addGammaLadder } from '../kernel/gammaLadder.ts'
import type { GammaTerms } from '../kernel/gammaTerms.ts'
import type { ExpirySections, ExpirySetId } from './expirySets.ts'

/**
 * Net gamma as a function of a hypothetical spot S' from 0.8 to 1.2 of spot, log-spaced, for each expiry set.
 *
 * Two resolutions. Near expiries are narrow bells, so they are summed on a fine ladder (0.085 % of spot, about one SPX
 * strike); later ones are smooth at that scale, so they are summed on every eighth level and interpolated by cubics,
 * which costs an eighth and errs by some 1e-4 of their own size. The fine ladder only brackets sign changes; the
 * crossings themselves are refined on the exact sum.
 */
const LOW = 0.8
const HIGH = 1.2
const STRIDE = 8
const COARSE_LEVELS = 61
const FINE_LEVELS = (COARSE_LEVELS - 1) * STRIDE + 1
const FINE_STEP = Math.log(HIGH / LOW) / (FINE_LEVELS - 1)

export const LADDER = { low: LOW, high: HIGH, levels: FINE_LEVELS, step: FINE_STEP, stride: STRIDE } as const

/** h(S') of `GammaTerms` at ln S' = lnSpot0 + l·LADDER.step; net GEX per 1 % is 0.01·S'·h. */
export interface GammaProfile {
  lnSpot0: number
  readonly sets: Readonly<Record<ExpirySetId, Float64Array>>
  readonly coarse: Float64Array
}

export function createGammaProfile(): GammaProfile {
  const sets = { all: ladder(), within90d: ladder(), front: ladder() }
  return { lnSpot0: Number.NaN, sets, coarse: new Float64Array(COARSE_LEVELS) }
}

function ladder(): Float64Array {
  return new Float64Array(FINE_LEVELS)
}

/** Fills every set of the profile around `spot`. */
export function fillGammaProfile(
  profile: GammaProfile,
  terms: GammaTerms,
  sections: ExpirySections,
  spot: number,
): void {
  const { all, within90d, front } = profile.sets
  const { start, frontEnd, nearEnd, within90dEnd, end } = sections
  const lnSpot0 = Math.log(spot * LOW)
  profile.lnSpot0 = lnSpot0
  front.fill(0)
  addGammaLadder(terms, start, frontEnd, lnSpot0, FINE_STEP, front)
  all.set(front)
  addGammaLadder(terms, frontEnd, nearEnd, lnSpot0, FINE_STEP, all)
  if (within90dEnd <= nearEnd) {
    // Either the chain ends here, or even the front expiry is beyond 90 days and that set is empty.
    if (within90dEnd === start) within90d.fill(0)
    else within90d.set(all)
  } else {
    addSmooth(profile, terms, nearEnd, within90dEnd, all)
    within90d.set(all)
  }
  addSmooth(profile, terms, Math.max(nearEnd, within90dEnd), end, all)
}

function addSmooth(
  profile: GammaProfile,
  terms: GammaTerms,
  from: number,
  to: number,
  out: Float64Array,
): void {
  if (from >= to) return
  const { coarse, lnSpot0 } = profile
  coarse.fill(0)
  addGammaLadder(terms, from, to, lnSpot0, FINE_STEP * STRIDE, coarse)
  for (let l = 0; l < FINE_LEVELS; l++) {
    const i = Math.min(Math.max(Math.floor(l / STRIDE) - 1, 0), COARSE_LEVELS - 4)
    const t = l / STRIDE - i
    const [a, b, c, d] = [coarse[i], coarse[i + 1], coarse[i + 2], coarse[i + 3]] as [
      number,
      number,
      number,
      number,
    ]
    out[l] = (out[l] as number) + cubic(a, b, c, d, t)
  }
}

/** Lagrange cubic through values at 0, 1, 2, 3. */
function cubic(a: number, b: number, c: number, d: number, t: number): number {
  const t1 = t - 1
  const t2 = t - 2
  const t3 = t - 3
  return (t * t1 * t2 * d - t1 * t2 * t3 * a) / 6 + (t * t2 * t3 * b - t * t1 * t3 * c) / 2
}
