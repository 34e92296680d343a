import type { Metric } from '../metric.ts'

export const VOLATILITY_METRICS: readonly Metric[] = []
