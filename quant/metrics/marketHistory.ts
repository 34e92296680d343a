import type { Loadings } from '../eigen/basisAngle.ts'
import type { NodeHistory } from '../eigen/nodeHistory.ts'
import type { RegimeState } from '../regime/regimeMachine.ts'
import type { Bar } from '../volatility/realisedVol.ts'
import type { TimeOfDayHistory } from '../volatility/timeOfDay.ts'

/** One moment of the session so far; absent values are NaN. */
export interface MarketSample {
  readonly asOfMs: number
  readonly spot: number
  readonly netGex: number
  readonly nearestFlip: number
}

/** What came before, as far as the caller keeps it. Oldest first. */
export interface MarketHistory {
  /** A few seconds apart. */
  readonly samples: readonly MarketSample[]
  /** Sessions before this one. */
  readonly dailyBars: readonly Bar[]
  /** 30-day at-the-money volatility of each earlier session, null where there was none. */
  readonly dailyAtmVols: readonly (number | null)[]
  /** 30-day 25-delta skew in vol points by half hour of each session; absent or null when not kept. */
  readonly skewByTimeOfDay?: TimeOfDayHistory | null
  /** Volatility at the nodes of the surface, five minutes apart; absent or null when not kept. */
  readonly nodes?: NodeHistory | null
  /** Components of an earlier EigenHedge, to tell how far they have turned. */
  readonly components?: readonly { readonly loadings: Loadings }[] | null
  /** Of the cycle before this instant; absent or null when there was none, and then the label has no hysteresis. */
  readonly regime?: RegimeState | null
}

export const NO_HISTORY: MarketHistory = { samples: [], dailyBars: [], dailyAtmVols: [] }
