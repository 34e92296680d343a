import type { Metric } from '../metric.ts'

export const EXPOSURE_METRICS: readonly Metric[] = []
