/**
 * How fast customers buy or sell, and what hedging that asks of whoever took the other side. From prints where a tape
 * exists: the sum of signed delta, not the sign of gamma exposure, which says nothing of direction. Without a tape,
 * what dealers' rehedging would be for spot's own move, from open interest under a sign model, and tagged so.
 */
import {
  decayedSum,
  FLOW_HORIZONS_MINUTES,
  type DecayedSums,
  type FlowHorizon,
  type FlowQuantity,
} from './decayedSums.ts'

export const FLOW_TYPES = ['directional', 'volatility', 'two_way', 'quiet'] as const
export type FlowType = (typeof FLOW_TYPES)[number]
export type FlowDirection = 'buying' | 'selling' | 'neutral'

/** Customers' net flow per minute, in currency of delta, of gamma per +1 % of spot, and of vega per vol point. */
export interface FlowPerMinute {
  readonly minutes: FlowHorizon
  readonly deltaFlow: number
  readonly gammaFlow: number
  readonly vegaFlow: number
}

export interface FlowRate {
  /** `prints`: signed trades of the last minutes. `predicted`: no tape; rehedging of open interest for spot's move. */
  readonly basis: 'prints' | 'predicted' | null
  /**
   * Of customers' delta. Who takes the other side and hedges it buys the underlying when customers buy delta, so hedging
   * has the same sign; `predicted` knows the hedging alone.
   */
  readonly direction: FlowDirection | null
  readonly magnitudeMillionPerMin: number | null
  /** Null when predicted. */
  readonly flowType: FlowType | null
  /** One entry per horizon; null when predicted. */
  readonly flows: readonly FlowPerMinute[] | null
  /** Millions of underlying per minute that hedging would buy (+) or sell (−). */
  readonly impliedDealerHedgeMillionPerMin: number | null
  /** Of the contracts printed in the last minutes, the share with a known side and greeks. */
  readonly coverage: number | null
  /** Why the prints do not say it: they are absent, or cannot be used. */
  readonly reason: string | null
}

export interface SpotMove {
  readonly spot: number
  readonly spotMinutesAgo: number
  readonly minutes: number
}

export interface FlowRateInputs {
  /** Null without a tape. */
  readonly rates: DecayedSums | null
  readonly nowMs: number
  /** Net finite gamma exposure in currency per +1 % of spot under the sign model; null when not known. */
  readonly gexFinite: number | null
  readonly spotMove: SpotMove | null
}

/** The horizon that direction, magnitude, type and coverage are read at. */
const HEADLINE_MINUTES = 5
/** Net over absolute flow above which flow is one-sided. One-sided prints give 0.7 at most: the quote rule is no surer. */
const ONE_SIDED_SHARE = 0.3
/** Below this net delta has no direction worth a name. */
const NEUTRAL_SHARE = 0.1
/** Fewer prints than this in the decayed five minutes are no flow. */
const QUIET_PRINTS = 3
const MILLION = 1e6

export function flowRate({ rates, nowMs, gexFinite, spotMove }: FlowRateInputs): FlowRate {
  if (rates === null) return predicted('no prints', gexFinite, spotMove)
  const unusable = whyUnusable(rates, nowMs)
  if (unusable !== null) return predicted(unusable, gexFinite, spotMove)
  const sum = (quantity: FlowQuantity): number => decayedSum(rates, quantity, HEADLINE_MINUTES, nowMs)
  const deltaMillionPerMin = sum('delta') / HEADLINE_MINUTES / MILLION
  const flowType = typeOf(sum)
  const netShare = share(sum('delta'), sum('absoluteDelta'))
  const isNeutral = flowType === 'quiet' || !(Math.abs(netShare) > NEUTRAL_SHARE)
  return {
    basis: 'prints',
    direction: isNeutral ? 'neutral' : directionOf(netShare),
    magnitudeMillionPerMin: Math.abs(deltaMillionPerMin),
    flowType,
    flows: FLOW_HORIZONS_MINUTES.map((minutes) => perMinute(rates, minutes, nowMs)),
    impliedDealerHedgeMillionPerMin: deltaMillionPerMin,
    coverage: Math.min(1, sum('valuedContracts') / sum('contracts')),
    reason: null,
  }
}

function whyUnusable(rates: DecayedSums, nowMs: number): string | null {
  if (!Number.isFinite(nowMs)) return 'the time is not known'
  if (!rates.sums.every(Number.isFinite)) return 'sums of prints are not finite'
  if (!(decayedSum(rates, 'contracts', HEADLINE_MINUTES, nowMs) > 0)) return 'no prints'
  const isValued = decayedSum(rates, 'valuedContracts', HEADLINE_MINUTES, nowMs) > 0
  return isValued ? null : 'no print has a known side and greeks'
}

/**
 * Delta decides before vega, because flow in single options has both. How unusual vega flow is would be the better
 * yardstick; until a history of it is kept, its share of absolute vega stands in.
 */
function typeOf(sum: (quantity: FlowQuantity) => number): FlowType {
  if (sum('valuedPrints') < QUIET_PRINTS) return 'quiet'
  if (Math.abs(share(sum('delta'), sum('absoluteDelta'))) > ONE_SIDED_SHARE) return 'directional'
  return Math.abs(share(sum('vega'), sum('absoluteVega'))) > ONE_SIDED_SHARE ? 'volatility' : 'two_way'
}

function perMinute(rates: DecayedSums, minutes: FlowHorizon, nowMs: number): FlowPerMinute {
  const rate = (quantity: FlowQuantity): number => decayedSum(rates, quantity, minutes, nowMs) / minutes
  return { minutes, deltaFlow: rate('delta'), gammaFlow: rate('gamma'), vegaFlow: rate('vega') }
}

/** −GEX · (100 · ΔS/S per minute): long gamma sells into a rise. */
function predicted(noPrints: string, gexFinite: number | null, move: SpotMove | null): FlowRate {
  const hedge =
    gexFinite === null || move === null
      ? Number.NaN
      : (-gexFinite * 100 * (move.spot - move.spotMinutesAgo)) / move.spotMinutesAgo / move.minutes / MILLION
  const isKnown = Number.isFinite(hedge) && move !== null && move.minutes > 0 && move.spotMinutesAgo > 0
  const missing = gexFinite === null ? 'no gamma exposure' : 'no recent path of spot'
  return {
    basis: isKnown ? 'predicted' : null,
    direction: isKnown ? directionOf(hedge) : null,
    magnitudeMillionPerMin: isKnown ? Math.abs(hedge) : null,
    flowType: null,
    flows: null,
    impliedDealerHedgeMillionPerMin: isKnown ? hedge : null,
    coverage: null,
    reason: isKnown ? noPrints : `${noPrints}, ${missing}`,
  }
}

function directionOf(net: number): FlowDirection {
  if (net === 0) return 'neutral'
  return net > 0 ? 'buying' : 'selling'
}

/** 0 when there is nothing to share. */
function share(net: number, absolute: number): number {
  return absolute > 0 ? net / absolute : 0
}
