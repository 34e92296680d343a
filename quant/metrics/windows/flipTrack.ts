import type { Metric } from '../metric.ts'

export const FLIP_TRACK: readonly Metric[] = []
