import type { Metric } from '../metric.ts'

export const CHAIN_METRICS: readonly Metric[] = []
