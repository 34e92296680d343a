import type { Metric } from '../metric.ts'

export const SKEW_SENTINEL: readonly Metric[] = []
