import type { Metric } from '../metric.ts'

export const IV_SURFACE: readonly Metric[] = []
