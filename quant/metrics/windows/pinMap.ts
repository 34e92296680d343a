import type { Metric } from '../metric.ts'

export const PIN_MAP: readonly Metric[] = []
