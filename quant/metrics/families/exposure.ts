/** Exposures: every kind, in total, by strike, by expiry, today's settlement alone, and weighted by session volume. */
import type { Metric } from '../metric.ts'
import { METRIC_KINDS } from './exposure/kinds.ts'
import { byExpiryMetric, byStrikeMetric } from './exposure/columns.ts'
import { byVolumeMetric, totalMetric, zeroDteMetric } from './exposure/totals.ts'

export const EXPOSURE_METRICS: readonly Metric[] = METRIC_KINDS.flatMap((kind): Metric[] => [
  totalMetric(kind),
  byVolumeMetric(kind),
  zeroDteMetric(kind),
  byStrikeMetric(kind),
  byExpiryMetric(kind),
])
