import type { MarketView } from './marketView.ts'

/** Why nothing can be said of exposures weighted by `openInterest` or by session `volume`, or null when it can. */
export function whyNoExposure(
  { analytics }: MarketView,
  weighting: 'openInterest' | 'volume' = 'openInterest',
): string | null {
  const { coverage, byExpiry, reasons } = analytics
  if (coverage.priced === 0) return reasons['exposure'] ?? 'no contract has a volatility'
  if (weighting === 'volume') {
    const traded = byExpiry.some(({ callVolume, putVolume }) => callVolume + putVolume > 0)
    return traded ? null : 'no contract has traded this session'
  }
  if (coverage.openInterestPriced === null) return 'no open interest'
  return coverage.openInterestPriced > 0 ? null : 'no contract with open interest has a volatility'
}
