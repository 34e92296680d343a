import type { GammaTerms } from '../kernel/gammaTerms.ts'
import { findCrossings, type Crossing } from './crossings.ts'
import type { ExpirySections, ExpirySetId } from './expirySets.ts'
import { LADDER, type GammaProfile } from './gammaProfile.ts'

/**
 * `resolved`: at least one significant crossing. `one_signed`: net gamma has one sign over the whole ladder.
 * `edge`: the only significant crossings touch the ends of the ladder. `noise_floor`: crossings, none significant.
 * `stale`: the inputs are too old to say. `no_data`: nothing in the set has gamma.
 */
export const FLIP_STATUSES = ['resolved', 'one_signed', 'edge', 'noise_floor', 'stale', 'no_data'] as const
export type FlipStatus = (typeof FLIP_STATUSES)[number]

export interface ZeroGamma {
  /** The significant crossing nearest spot; null unless `resolved` or `edge`. */
  readonly nearest: number | null
  readonly status: FlipStatus
  /** Every crossing of the ladder, significant or not, ascending. */
  readonly crossings: readonly Crossing[]
}

/** A crossing with less gamma than this on one side (`Crossing.significance`) is noise. */
export const SIGNIFICANT = 0.1
/** Closer than this to an end of the ladder (in ln spot) there is too little profile to trust a crossing. */
const EDGE_LN_SPOT = 0.01

/**
 * Zero gamma of one expiry set: spot prices where net gamma under sticky strike changes sign between 0.8 and 1.2 of
 * spot. Never fabricated: no sign change, no level. Method: spot ladder as published by Perfiliev, "How to calculate
 * gamma exposure and zero gamma level" (2022), with every crossing kept and refined exactly.
 */
export function zeroGamma(
  set: ExpirySetId,
  profile: GammaProfile,
  terms: GammaTerms,
  sections: ExpirySections,
  spot: number,
): ZeroGamma {
  const ladder = profile.sets[set]
  const end = { all: sections.end, within90d: sections.within90dEnd, front: sections.frontEnd }[set]
  if (ladder.every((value) => value === 0)) return { nearest: null, status: 'no_data', crossings: [] }
  const crossings = findCrossings(ladder, profile.lnSpot0, terms, sections.start, end)
  if (crossings.length === 0) return { nearest: null, status: 'one_signed', crossings }
  const significant = crossings.filter((crossing) => crossing.significance >= SIGNIFICANT)
  const inside = significant.filter((crossing) => !touchesEnd(crossing.price, profile.lnSpot0))
  const nearest = nearestTo(spot, inside) ?? nearestTo(spot, significant)
  const status = inside.length > 0 ? 'resolved' : significant.length > 0 ? 'edge' : 'noise_floor'
  return { nearest, status, crossings }
}

function touchesEnd(price: number, lnSpot0: number): boolean {
  const fromLow = Math.log(price) - lnSpot0
  return fromLow < EDGE_LN_SPOT || (LADDER.levels - 1) * LADDER.step - fromLow < EDGE_LN_SPOT
}

function nearestTo(spot: number, crossings: readonly Crossing[]): number | null {
  let nearest: number | null = null
  for (const { price } of crossings) {
    if (nearest === null || Math.abs(price - spot) < Math.abs(nearest - spot)) nearest = price
  }
  return nearest
}
