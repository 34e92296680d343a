import type { Metric } from '../metric.ts'

export const THETA_FORGE: readonly Metric[] = []
