import type { Metric } from '../metric.ts'

export const SIGN_MODEL_METRICS: readonly Metric[] = []
