import type { Metric } from '../metric.ts'

export const FLOW_RATE: readonly Metric[] = []
