import type { MarketProfile } from './profiles.ts'

/** Furthest point of the smile, in standard deviations; flat beyond, as quoted wings are. */
const WING = 6
/** Roundness of the smile's bottom, in standard deviations. */
const ROUNDNESS = 1.2
/** Tilt of the hyperbola: the right wing rises `1 - TILT` for every `1 + TILT` of the left. */
const TILT = 0.7

/**
 * At-the-money volatility for an expiry: the expected average variance under mean reversion (Heston 1993), so short
 * dates follow the spot variance and long dates the long run.
 */
export function atTheMoneyVol(profile: MarketProfile, variance: number, years: number): number {
  const { longRunVol, reversion } = profile.variance
  const decay = reversion * years
  const weight = decay < 1e-6 ? 1 : (1 - Math.exp(-decay)) / decay
  return Math.sqrt(longRunVol ** 2 + (variance - longRunVol ** 2) * weight)
}

/**
 * Volatility at a strike: the hyperbola of SVI (J. Gatheral, "A parsimonious arbitrage-free implied volatility
 * parameterization", 2004) over standardised log-moneyness, so the smile travels with the forward.
 */
export function impliedVolatility(
  profile: MarketProfile,
  atmVol: number,
  lnStrikeOverForward: number,
  years: number,
): number {
  const deviations = lnStrikeOverForward / (atmVol * Math.sqrt(years))
  const x = Math.max(-WING, Math.min(WING, deviations))
  return atmVol * (1 + profile.skew * (Math.sqrt(x * x + ROUNDNESS * ROUNDNESS) - ROUNDNESS - TILT * x))
}
