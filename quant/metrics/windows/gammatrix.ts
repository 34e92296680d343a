import type { Metric } from '../metric.ts'

export const GAMMATRIX: readonly Metric[] = []
