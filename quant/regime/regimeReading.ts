/** A regime as it is shown: label, how sure, what decided and what it would mean. No advice, no forecast. */
import { isDisputed, isNearFlip, judgedRegime, type Regime, type RegimeState } from './regimeMachine.ts'
import type { RegimeFeatures, Sign } from './regimeFeatures.ts'

export type RegimeFeatureId =
  | 'gammaSign'
  | 'flipDistanceSigmas'
  | 'signAgreement'
  | 'pull'
  | 'termSlopeVolPts'
  | 'vannaSign'
  | 'charmSign'
  | 'realisedToImplied'

export interface RegimeDriver {
  readonly feature: RegimeFeatureId
  readonly value: number
  /** Whether the label follows from it; the others are context. */
  readonly decides: boolean
}

export interface RegimeReading {
  readonly label: Regime | 'unknown'
  /** When the label was entered; null when unknown. */
  readonly sinceMs: number | null
  /** What the features say this cycle while the label is held for its least number of cycles; otherwise null. */
  readonly pending: Regime | null
  /** Agreement · coverage · (1 − e^(−|D|/0.5)), 0 to 1. A score: nothing here is calibrated on outcomes. */
  readonly confidence: number | null
  readonly drivers: readonly RegimeDriver[]
  readonly implications: readonly string[]
  /** Why the label is unknown, or why there is no confidence. */
  readonly reason: string | null
}

/** |D| at which the distance counts 1 − 1/e. */
const DISTANCE_SIGMAS = 0.5

const HEDGING: Readonly<Record<Regime, string>> = {
  long_gamma_pinned:
    'Under the sign model, hedging sells rises and buys falls, and much of it belongs to one strike.',
  long_gamma: 'Under the sign model, hedging sells rises and buys falls, against the move.',
  transition:
    'Spot is near the flip, or sign models disagree, or net gamma just changed sign: which way hedging works is open.',
  short_gamma: 'Under the sign model, hedging buys rises and sells falls, with the move.',
  short_gamma_stressed:
    'Under the sign model, hedging buys rises and sells falls, while near-dated volatility is above longer-dated.',
}

/** `state` is the machine's after this cycle, with the same features. */
export function readRegime(state: RegimeState, features: RegimeFeatures): RegimeReading {
  const { regime, sinceMs } = state
  const judged = judgedRegime(regime, features)
  if (regime === null || judged === null) {
    const reason = 'neither net gamma nor a flip is known'
    return {
      label: 'unknown',
      sinceMs: null,
      pending: null,
      confidence: null,
      drivers: [],
      implications: [],
      reason,
    }
  }
  const { confidence, reason } = confidenceOf(features)
  return {
    label: regime,
    sinceMs,
    pending: judged === regime ? null : judged,
    confidence,
    drivers: driversOf(regime, features),
    implications: [HEDGING[regime], ...passiveHedging(features)],
    reason,
  }
}

function confidenceOf(features: RegimeFeatures): Pick<RegimeReading, 'confidence' | 'reason'> {
  const { signAgreement, coverage, flipDistanceSigmas, isOneSigned } = features
  const distance = isOneSigned ? Infinity : Math.abs(flipDistanceSigmas ?? Number.NaN)
  if (signAgreement === null) return { confidence: null, reason: 'no sign agreement' }
  if (coverage === null) return { confidence: null, reason: 'no open interest to cover' }
  if (Number.isNaN(distance))
    return { confidence: null, reason: 'no significant flip to be near to or far from' }
  const confidence = unit(signAgreement) * unit(coverage) * (1 - Math.exp(-distance / DISTANCE_SIGMAS))
  return Number.isNaN(confidence)
    ? { confidence: null, reason: 'agreement or coverage is not a number' }
    : { confidence, reason: null }
}

function driversOf(regime: Regime, features: RegimeFeatures): RegimeDriver[] {
  const isTransition = regime === 'transition'
  const isPinned = regime === 'long_gamma_pinned'
  const decides: Readonly<Record<RegimeFeatureId, boolean>> = {
    gammaSign: !isTransition || !(isNearFlip(regime, features) || isDisputed(features)),
    flipDistanceSigmas: isTransition ? isNearFlip(regime, features) : isPinned || features.gammaSign === null,
    signAgreement: isTransition && isDisputed(features),
    pull: isPinned,
    termSlopeVolPts: regime === 'short_gamma_stressed',
    vannaSign: false,
    charmSign: false,
    realisedToImplied: false,
  }
  return (Object.keys(decides) as RegimeFeatureId[]).flatMap((feature) => {
    const value = features[feature]
    return value === null || !Number.isFinite(value) ? [] : [{ feature, value, decides: decides[feature] }]
  })
}

/** What hedging would do with spot standing still. */
function passiveHedging({ vannaSign, charmSign }: RegimeFeatures): string[] {
  const verb = (sign: Sign): string => (sign > 0 ? 'sell' : 'buy')
  const said: string[] = []
  if (vannaSign !== null && vannaSign !== 0)
    said.push(`A rise in volatility alone would have hedging ${verb(vannaSign)} the underlying.`)
  if (charmSign !== null && charmSign !== 0)
    said.push(`Time alone would have hedging ${verb(charmSign)} the underlying.`)
  return said
}

function unit(share: number): number {
  return Math.min(1, Math.max(0, share))
}
