import type { MetricFlag } from './flags.ts'

/**
 * How much of a figure is left when a flag is true of it. Judgement, not measurement: the order matters more than the
 * numbers. A flag that only names the kind of data (synthetic, delayed, recorded, half day, AM settled) costs nothing.
 */
const WORTH: Partial<Record<MetricFlag, number>> = {
  STALE_SPOT: 0.5,
  STALE_QUOTE: 0.7,
  LOW_COV: 0.7,
  CROSSED: 0.95,
  WIDE: 0.9,
  FORWARD_FALLBACK: 0.9,
  OI_MISSING: 0.7,
  OI_MIXED: 0.8,
  NEAR_EXPIRY: 0.8,
  AVG_SETTLE: 0.9,
  ARB_BUTTERFLY: 0.7,
  ARB_CALENDAR: 0.9,
  POOR_FIT: 0.7,
  MODEL_DISAGREE: 0.6,
  INSUFFICIENT_HISTORY: 0.6,
  PREDICTED: 0.5,
  UNCALIBRATED: 0.8,
  GIVEN_VOLS: 0.8,
}

/** 0 to 100: the share of its inputs that could be used, less what its flags cost. */
export function qualityScore(coverage: number | null, flags: readonly MetricFlag[]): number {
  const worth = flags.reduce((left, flag) => left * (WORTH[flag] ?? 1), 1)
  return Math.round(100 * (coverage ?? 0) * worth)
}
