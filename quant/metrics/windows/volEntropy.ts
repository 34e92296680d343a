import type { Metric } from '../metric.ts'

export const VOL_ENTROPY: readonly Metric[] = []
