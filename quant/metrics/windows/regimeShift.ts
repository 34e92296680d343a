import type { Metric } from '../metric.ts'

export const REGIME_SHIFT: readonly Metric[] = []
