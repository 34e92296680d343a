import type { Metric } from '../metric.ts'

export const EIGEN_HEDGE: readonly Metric[] = []
