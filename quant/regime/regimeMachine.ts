/**
 * Which regime hedging is in, as a machine with hysteresis: a label is entered at one threshold and left at a wider one,
 * and stays at least three cycles, so that noise at a threshold does not turn it back and forth. From one side to the other
 * it goes through `transition`. Thresholds are choices, not estimates.
 */
import type { RegimeFeatures, Sign } from './regimeFeatures.ts'

export const REGIMES = [
  'long_gamma_pinned',
  'long_gamma',
  'transition',
  'short_gamma',
  'short_gamma_stressed',
] as const
export type Regime = (typeof REGIMES)[number]

export interface RegimeState {
  /** Null before features were known. */
  readonly regime: Regime | null
  /** Judged since it was entered, that one included. */
  readonly cycles: number
  readonly sinceMs: number | null
}

export const NO_REGIME: RegimeState = { regime: null, cycles: 0, sinceMs: null }

const LEAST_CYCLES = 3
/** Distances in one day's standard deviations. `enter` and `leave` make the band in which a label stays. */
const NEAR_FLIP = { enter: 0.25, leave: 0.35 } as const
const ABOVE_FLIP = { enter: 0.5, leave: 0.4 } as const
const PULL = { enter: 0.25, leave: 0.2 } as const
const TERM_SLOPE_VOL_PTS = { enter: 0, leave: 0.5 } as const
const LEAST_AGREEMENT = 0.6

/** One cycle further. Without features to judge by the state stays as it is. */
export function nextRegime(held: RegimeState, features: RegimeFeatures, nowMs: number): RegimeState {
  const judged = judgedRegime(held.regime, features)
  if (judged === null) return held
  const stays = held.regime !== null && (judged === held.regime || held.cycles < LEAST_CYCLES)
  return stays ? { ...held, cycles: held.cycles + 1 } : { regime: judged, cycles: 1, sinceMs: nowMs }
}

/** What the features say, seen from the label held; null when neither net gamma nor the flip is known. */
export function judgedRegime(held: Regime | null, features: RegimeFeatures): Regime | null {
  const side = sideOf(features)
  if (side === null) return null
  if (side === 0 || sideOfRegime(held) === -side) return 'transition'
  if (isNearFlip(held, features) || isDisputed(features)) return 'transition'
  if (side > 0) return isPinned(held, features) ? 'long_gamma_pinned' : 'long_gamma'
  return isStressed(held, features) ? 'short_gamma_stressed' : 'short_gamma'
}

export function isDisputed({ signAgreement }: RegimeFeatures): boolean {
  return signAgreement !== null && signAgreement < LEAST_AGREEMENT
}

export function isNearFlip(held: Regime | null, { flipDistanceSigmas }: RegimeFeatures): boolean {
  const near = held === 'transition' ? NEAR_FLIP.leave : NEAR_FLIP.enter
  return flipDistanceSigmas !== null && Math.abs(flipDistanceSigmas) < near
}

/** Net gamma says which side it is; without it, the side of the flip that spot is on, long gamma above. */
function sideOf({ gammaSign, flipDistanceSigmas }: RegimeFeatures): Sign | null {
  if (gammaSign !== null) return gammaSign
  if (flipDistanceSigmas === null || Number.isNaN(flipDistanceSigmas)) return null
  return flipDistanceSigmas > 0 ? 1 : flipDistanceSigmas < 0 ? -1 : 0
}

function sideOfRegime(regime: Regime | null): Sign {
  if (regime === null || regime === 'transition') return 0
  return regime === 'long_gamma' || regime === 'long_gamma_pinned' ? 1 : -1
}

function isPinned(held: Regime | null, features: RegimeFeatures): boolean {
  const { flipDistanceSigmas, isOneSigned, pull } = features
  const level = held === 'long_gamma_pinned' ? 'leave' : 'enter'
  const isFar = flipDistanceSigmas === null ? isOneSigned : flipDistanceSigmas > ABOVE_FLIP[level]
  return isFar && pull !== null && pull > PULL[level]
}

function isStressed(held: Regime | null, { termSlopeVolPts }: RegimeFeatures): boolean {
  const level = held === 'short_gamma_stressed' ? 'leave' : 'enter'
  return termSlopeVolPts !== null && termSlopeVolPts < TERM_SLOPE_VOL_PTS[level]
}
