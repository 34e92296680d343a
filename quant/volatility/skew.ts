import { strikeAtDelta, volAt } from './deltaStrike.ts'
import type { TenorSlice } from './tenorSlice.ts'

export type NoSkewReason = 'delta_outside_strikes'

/** Skew of one smile. Sign: `skew25` is put less call, positive when the downside costs more; `riskReversal25` is its negative. */
export interface Skew {
  /** Calendar days to settlement. */
  readonly days: number
  readonly atmVol: number
  /** Annualised volatilities and strikes of the 25-delta put and call. */
  readonly putVol25: number | null
  readonly callVol25: number | null
  readonly putStrike25: number | null
  readonly callStrike25: number | null
  /** IV(25Δ put) − IV(25Δ call), vol points. */
  readonly skew25VolPts: number | null
  /** IV(25Δ call) − IV(25Δ put), vol points: the foreign-exchange sign. */
  readonly riskReversal25VolPts: number | null
  /** (IV(25Δ put) + IV(25Δ call))/2 − ATM, vol points. */
  readonly butterfly25VolPts: number | null
  /** skew25 over ATM volatility, a pure number that compares across volatility levels. */
  readonly normalisedSkew25: number | null
  /** ∂IV/∂k at the forward, per 1.00 of log-moneyness. */
  readonly atmSlope: number
  readonly reason: NoSkewReason | null
}

/** Deltas are forward deltas interpolated on the fitted smile, not those of the nearest contract. */
export function skewOf(slice: TenorSlice): Skew {
  const { years, atmVol, forward } = slice
  const general = { days: 365 * years, atmVol, atmSlope: slice.at(0).slope / (2 * atmVol * years) }
  const putK = strikeAtDelta(slice, 0.25, 'put')
  const callK = strikeAtDelta(slice, 0.25, 'call')
  const putVol25 = putK === null ? null : volAt(slice, putK)
  const callVol25 = callK === null ? null : volAt(slice, callK)
  const legs = {
    putVol25,
    callVol25,
    putStrike25: putK === null ? null : forward * Math.exp(putK),
    callStrike25: callK === null ? null : forward * Math.exp(callK),
  }
  if (putVol25 === null || callVol25 === null) return { ...general, ...legs, ...NO_SKEW }
  const skew = putVol25 - callVol25
  return {
    ...general,
    ...legs,
    skew25VolPts: 100 * skew,
    riskReversal25VolPts: -100 * skew,
    butterfly25VolPts: 100 * (0.5 * (putVol25 + callVol25) - atmVol),
    normalisedSkew25: skew / atmVol,
    reason: null,
  }
}

const NO_SKEW = {
  skew25VolPts: null,
  riskReversal25VolPts: null,
  butterfly25VolPts: null,
  normalisedSkew25: null,
  reason: 'delta_outside_strikes',
} as const
