import type { Metric } from '../metric.ts'

export const VOL_CUBE: readonly Metric[] = []
