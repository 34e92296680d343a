import type { MetricFlag } from '../../flags.ts'
import type { MarketView } from '../../marketView.ts'

/** 30-day at-the-money volatility, annualised; null when no expiries lie around it. */
export function monthVol({ volatility }: MarketView): number | null {
  return volatility.termStructure.constantMaturity.find(({ days }) => days === 30)?.atmVol ?? null
}

export function thinHistory(reason: string | null): MetricFlag[] {
  return reason === 'insufficient_history' || reason === 'too_few_bars' ? ['INSUFFICIENT_HISTORY'] : []
}
