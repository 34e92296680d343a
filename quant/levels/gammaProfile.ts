import { addGammaLadder } from '../kernel/gammaLadder.ts'
import type { GammaTerms } from '../kernel/gammaTerms.ts'
import type { ExpirySections, ExpirySetId } from './expirySets.ts'

/**
 * Net gamma as a function of a hypothetical spot S' from 0.8 to 1.2 of spot, log-spaced, for each expiry set. The
 * levels are the same absolute prices for every spot: the ladder moves with spot by whole published levels, so that it
 * begins up to a third of a percent off, and neither the picture nor a crossing shifts because the ladder did.
 *
 * A contract's share of it is a bell of width σ√T. Sharp bells are summed on a fine ladder (0.085 % of spot, about one
 * SPX strike), smooth ones on every eighth level and interpolated by cubics, which costs an eighth and errs by at most
 * 2e-4 of the bell. The ladder brackets sign changes; the crossings themselves are refined on the exact sum.
 *
 * Each section of expiries keeps its own sums, so that one bell can be taken out and another put in its place whatever
 * sets it belongs to. Levels are absolute prices and terms do not depend on spot: a spot tick leaves the sums valid.
 */
const LOW = 0.8
const HIGH = 1.2
const STRIDE = 8
const COARSE_LEVELS = 61
const FINE_LEVELS = (COARSE_LEVELS - 1) * STRIDE + 1
const FINE_STEP = Math.log(HIGH / LOW) / (FINE_LEVELS - 1)
const COARSE_STEP = FINE_STEP * STRIDE
/** Cubics through levels h apart err by (3/128)·(h/σ√T)^4·max|bell''''|, and that is 3: 2e-4 from 4.4 h on. */
const SMOOTH_BELOW = 1 / (4.4 * COARSE_STEP)

export const LADDER = { low: LOW, high: HIGH, levels: FINE_LEVELS, step: FINE_STEP, stride: STRIDE } as const

const SECTION_IDS = ['front', 'within90d', 'beyond'] as const
type SectionId = (typeof SECTION_IDS)[number]

interface SectionSums {
  readonly fine: Float64Array
  readonly coarse: Float64Array
}

/** h(S') of `GammaTerms` at ln S' = lnSpot0 + l·LADDER.step; net GEX per 1 % is 0.01·S'·h. */
export interface GammaProfile {
  lnSpot0: number
  readonly sections: Readonly<Record<SectionId, SectionSums>>
  /** Filled from the sections by `readProfile`. */
  readonly sets: Readonly<Record<ExpirySetId, Float64Array>>
}

export function createGammaProfile(): GammaProfile {
  const fine = (): Float64Array => new Float64Array(FINE_LEVELS)
  const sums = (): SectionSums => ({ fine: fine(), coarse: new Float64Array(COARSE_LEVELS) })
  return {
    lnSpot0: Number.NaN,
    sections: { front: sums(), within90d: sums(), beyond: sums() },
    sets: { all: fine(), within90d: fine(), front: fine() },
  }
}

/** Sums every live row around `spot`, a level of which is any multiple of the coarse step in ln S'. */
export function fillGammaProfile(
  profile: GammaProfile,
  terms: GammaTerms,
  sections: ExpirySections,
  spot: number,
): void {
  profile.lnSpot0 = COARSE_STEP * Math.round(Math.log(spot * LOW) / COARSE_STEP)
  for (const id of SECTION_IDS) {
    profile.sections[id].fine.fill(0)
    profile.sections[id].coarse.fill(0)
  }
  const { start, frontEnd, within90dEnd, end } = sections
  addBells(profile, terms, 'front', start, frontEnd, 1)
  addBells(profile, terms, 'within90d', frontEnd, within90dEnd, 1)
  addBells(profile, terms, 'beyond', Math.max(frontEnd, within90dEnd), end, 1)
}

/** Takes the bells of rows [from, to), all of one section, into the profile, or with `direction` −1 out of it. */
export function addToProfile(
  profile: GammaProfile,
  terms: GammaTerms,
  sections: ExpirySections,
  from: number,
  to: number,
  direction: 1 | -1,
): void {
  const id = from < sections.frontEnd ? 'front' : from < sections.within90dEnd ? 'within90d' : 'beyond'
  addBells(profile, terms, id, from, to, direction)
}

function addBells(
  { lnSpot0, sections }: GammaProfile,
  terms: GammaTerms,
  id: SectionId,
  from: number,
  to: number,
  direction: 1 | -1,
): void {
  const { fine, coarse } = sections[id]
  addGammaLadder(terms, from, to, lnSpot0, FINE_STEP, fine, direction, SMOOTH_BELOW)
  addGammaLadder(terms, from, to, lnSpot0, COARSE_STEP, coarse, direction, 0, SMOOTH_BELOW)
}

/** Reads the sets off the sections. */
export function readProfile({ sections, sets }: GammaProfile, { start, within90dEnd }: ExpirySections): void {
  const { front, within90d, beyond } = sections
  sets.front.fill(0)
  addSection(sets.front, front)
  sets.within90d.set(sets.front)
  addSection(sets.within90d, within90d)
  sets.all.set(sets.within90d)
  addSection(sets.all, beyond)
  // The front expiry itself may lie beyond 90 days: then that set is empty.
  if (within90dEnd === start) sets.within90d.fill(0)
}

function addSection(out: Float64Array, { fine, coarse }: SectionSums): void {
  for (let l = 0; l < FINE_LEVELS; l++) {
    const i = Math.min(Math.max(Math.floor(l / STRIDE) - 1, 0), COARSE_LEVELS - 4)
    const smooth = cubic(coarse, i, l / STRIDE - i)
    out[l] = (out[l] as number) + (fine[l] as number) + smooth
  }
}

/** Lagrange cubic through four values from index i on, t in units of their distance. */
export function cubic(values: Float64Array, i: number, t: number): number {
  const t1 = t - 1
  const t2 = t - 2
  const t3 = t - 3
  const outer = t1 * t2 * (t * (values[i + 3] as number) - t3 * (values[i] as number))
  const inner = t * t3 * (t2 * (values[i + 1] as number) - t1 * (values[i + 2] as number))
  return outer / 6 + inner / 2
}
