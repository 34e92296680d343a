import type { ChainAnalytics } from '../analytics.ts'
import {
  openNotional,
  regimeFeatures,
  type RegimeFeatures,
  type RegimeInputs,
} from '../regime/regimeFeatures.ts'
import { nextRegime, NO_REGIME, type RegimeState } from '../regime/regimeMachine.ts'
import { readRegime, type RegimeReading } from '../regime/regimeReading.ts'
import { halfHourVol } from '../volatility/intradayVol.ts'
import type { VolatilityStructure } from '../volatility/volatilityStructure.ts'
import type { MarketInputs } from './marketView.ts'

export interface RegimeView {
  readonly inputs: RegimeInputs
  readonly features: RegimeFeatures
  /** One cycle after `history.regime`: what a caller keeps for the next. */
  readonly state: RegimeState
  readonly reading: RegimeReading
}

export function regimeView(
  { engine, history, session, averageDailyValue = null }: Omit<MarketInputs, 'analytics' | 'volatility'>,
  analytics: ChainAnalytics,
  volatility: VolatilityStructure,
  pull: number | null,
): RegimeView {
  const { asOfMs } = engine
  const realised =
    session === null ? null : halfHourVol(history.samples, asOfMs, session.closeMs - session.openMs)
  const inputs: RegimeInputs = {
    analytics,
    volatility,
    pull,
    averageDailyValue,
    openNotional: openNotional(engine),
    realisedVol: realised?.vol ?? null,
  }
  const features = regimeFeatures(inputs)
  const state = nextRegime(history.regime ?? NO_REGIME, features, asOfMs)
  return { inputs, features, state, reading: readRegime(state, features) }
}
