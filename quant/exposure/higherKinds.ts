/**
 * Exposures to the higher greeks and to the rate, summed like those of `exposureKinds.ts`. Per contract, with M the
 * multiplier and S spot:
 *
 * - `volga` volga·M·0.01²: change of `vega` per +1 volatility point
 * - `speed` speed·M·S³·0.01²: change of `gamma` per +1 % of spot that the greek itself makes. Gamma exposure is also
 *   proportional to S², which adds 2 % of it per 1 % and is left out, as it is from published speed exposures.
 * - `zomma` zomma·M·S²·0.01²: change of `gamma` per +1 volatility point
 * - `colour` colour·M·S²·0.01/365: change of `gamma` per calendar day; like charm meaningless within minutes of settlement
 * - `rho` ρ·M·0.01: value per +1 percentage point of the rate
 */
export const HIGHER_KINDS = ['volga', 'speed', 'zomma', 'colour', 'rho'] as const
export type HigherKind = (typeof HIGHER_KINDS)[number]

export const HIGHER_UNITS: Readonly<Record<HigherKind, string>> = {
  volga: 'currency of vega per +1 volatility point',
  speed: 'currency of gamma (per +1 %) per +1 % of spot',
  zomma: 'currency of gamma (per +1 %) per +1 volatility point',
  colour: 'currency of gamma (per +1 %) per calendar day',
  rho: 'currency per +1 percentage point of rate',
}
