/** Volatility: at the money by expiry and maturity, between expiries, against its own past and against what was realised. */
import type { Metric } from '../metric.ts'
import { AT_THE_MONEY_METRICS } from './volatility/atTheMoney.ts'
import { RANK_METRICS } from './volatility/rank.ts'
import { REALISED_METRICS } from './volatility/realised.ts'
import { TERM_METRICS } from './volatility/term.ts'

export const VOLATILITY_METRICS: readonly Metric[] = [
  ...AT_THE_MONEY_METRICS,
  ...TERM_METRICS,
  ...RANK_METRICS,
  ...REALISED_METRICS,
]
