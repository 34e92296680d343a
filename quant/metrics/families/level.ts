import type { Metric } from '../metric.ts'

export const LEVEL_METRICS: readonly Metric[] = []
