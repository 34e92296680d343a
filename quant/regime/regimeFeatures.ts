/** What a regime is judged by, read off a chain's analysis. A feature that cannot be computed is null. */
import type { ChainAnalytics } from '../analytics/chainAnalytics.ts'
import type { ChainView } from '../levels/chainView.ts'
import type { VolatilityStructure } from '../volatility/volatilityStructure.ts'

export type Sign = -1 | 0 | 1

export interface RegimeFeatures {
  /** (spot − nearest flip) / (spot · one day's standard deviation): positive above the flip. */
  readonly flipDistanceSigmas: number | null
  /** Net gamma has one sign over the whole ladder of spots: there is no flip to be near. */
  readonly isOneSigned: boolean
  /** Of net finite gamma exposure under the sign model. */
  readonly gammaSign: Sign | null
  /** Net finite gamma exposure per 1 % over what `gammaBasis` names. */
  readonly gammaShare: number | null
  readonly gammaBasis: 'average_daily_value' | 'open_notional' | null
  /** The magnet's share of gamma near the money in the front expiry. */
  readonly pull: number | null
  /**
   * |Σ sign of net gamma| / n over the applicable of M1, M4, M5 and M6, 0 to 1. M2 has dealers short everything, so its vote is
   * the same on every chain and would leave no room for long gamma.
   */
  readonly signAgreement: number | null
  /** Share of open interest that is priced. */
  readonly coverage: number | null
  /** Of dealers' delta as volatility rises, and as time passes. */
  readonly vannaSign: Sign | null
  readonly charmSign: Sign | null
  /** Volatility of 90 days less that of 30, or of 30 less 7 when the curve ends sooner; negative is backwardation. */
  readonly termSlopeVolPts: number | null
  /** Realised volatility of the last half hour over implied. */
  readonly realisedToImplied: number | null
}

export interface RegimeInputs {
  readonly analytics: ChainAnalytics
  readonly volatility: Pick<VolatilityStructure, 'termStructure'> | null
  readonly pull: number | null
  /** Traded per day in the chain's currency; null when not known, and then `openNotional` stands in. */
  readonly averageDailyValue: number | null
  readonly openNotional: number | null
  /** Annualised, of the last half hour. */
  readonly realisedVol: number | null
}

const SESSIONS_PER_YEAR = 252
/** An expiry nearer than this has a volatility of hours. */
const LEAST_DAYS = 1

export function regimeFeatures(inputs: RegimeInputs): RegimeFeatures {
  const { analytics, averageDailyValue, openNotional } = inputs
  const { exposure, exposures, spot, flips } = analytics
  const vol = nearestDailyVol(analytics)
  const dayMove = vol === null ? null : (spot * vol) / Math.sqrt(SESSIONS_PER_YEAR)
  const gamma = finite(exposure.finite.net)
  const basis = isPositive(averageDailyValue) ? 'average_daily_value' : 'open_notional'
  const gammaShare = ratio(gamma, basis === 'average_daily_value' ? averageDailyValue : openNotional)
  return {
    flipDistanceSigmas: flips.all.nearest === null ? null : ratio(spot - flips.all.nearest, dayMove),
    isOneSigned: flips.all.status === 'one_signed',
    gammaSign: signOf(gamma),
    gammaShare,
    gammaBasis: gammaShare === null ? null : basis,
    pull: finite(inputs.pull),
    signAgreement: agreement(analytics),
    coverage: finite(analytics.coverage.openInterestPriced),
    vannaSign: signOf(exposures?.openInterest.vanna.net ?? null),
    charmSign: signOf(exposures?.openInterest.charm.net ?? null),
    termSlopeVolPts: termSlope(inputs.volatility),
    realisedToImplied: ratio(finite(inputs.realisedVol), vol),
  }
}

/** Σ open interest · multiplier · spot of contracts not yet settled, in currency; null without any. */
export function openNotional({ chain, spot, sections }: ChainView): number | null {
  let units = 0
  for (let row = sections.start; row < sections.end; row++) {
    const open = chain.openInterest[row] as number
    if (open > 0) units += open * (chain.multiplier[row] as number)
  }
  const notional = units * spot
  return isPositive(notional) ? notional : null
}

/** ||above| − |below|| / (|above| + |below|) of net gamma, 0 to 1; null when there is none on either side. */
export function parityRatio(aboveSpot: number | null, belowSpot: number | null): number | null {
  const [above, below] = [Math.abs(aboveSpot ?? Number.NaN), Math.abs(belowSpot ?? Number.NaN)]
  const both = above + below
  return both > 0 && both < Infinity ? Math.abs(above - below) / both : null
}

/** At the money, of the first expiry that is a day away or more. */
function nearestDailyVol({ byExpiry }: ChainAnalytics): number | null {
  const expiry = byExpiry.find(({ dte, atmVol }) => dte >= LEAST_DAYS && isPositive(atmVol))
  return expiry?.atmVol ?? null
}

const VOTING = ['M1', 'M4', 'M5', 'M6'] as const

function agreement({ signModels }: ChainAnalytics): number | null {
  const votes = VOTING.flatMap((model) => {
    const net = signModels[model]?.net ?? Number.NaN
    return Number.isNaN(net) ? [] : [Math.sign(net)]
  })
  return votes.length > 0 ? Math.abs(votes.reduce((sum, vote) => sum + vote, 0)) / votes.length : null
}

function termSlope(volatility: RegimeInputs['volatility']): number | null {
  if (volatility === null) return null
  const { slope30To90VolPts, slope7To30VolPts } = volatility.termStructure
  return finite(slope30To90VolPts) ?? finite(slope7To30VolPts)
}

function ratio(value: number | null, to: number | null): number | null {
  return value !== null && isPositive(to) ? finite(value / to) : null
}

function isPositive(value: number | null): value is number {
  return value !== null && value > 0 && value < Infinity
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null
}

function signOf(value: number | null): Sign | null {
  if (value === null || Number.isNaN(value)) return null
  return value > 0 ? 1 : value < 0 ? -1 : 0
}
