/** SkewSentinel: how much more the downside costs than the upside, and whether that is unusual for the time of day. */
import type { Metric } from '../metric.ts'
import { AVERAGE_SKEW } from './skewSentinel/average.ts'
import { SKEW_BY_EXPIRY, SKEW_BY_MATURITY } from './skewSentinel/columns.ts'
import { MONTH_METRICS, SKEW_7_DAYS, SKEW_ZERO_DTE } from './skewSentinel/figures.ts'
import { SKEW_SCORE } from './skewSentinel/score.ts'

export const SKEW_SENTINEL: readonly Metric[] = [
  AVERAGE_SKEW,
  ...MONTH_METRICS,
  SKEW_7_DAYS,
  SKEW_ZERO_DTE,
  SKEW_SCORE,
  SKEW_BY_EXPIRY,
  SKEW_BY_MATURITY,
]
