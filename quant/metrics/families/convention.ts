import type { Metric } from '../metric.ts'

export const CONVENTION_METRICS: readonly Metric[] = []
