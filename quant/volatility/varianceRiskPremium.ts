import type { RealisedVol } from './realisedVol.ts'

export interface VarianceRiskPremium {
  /** IV² − RV², annualised variance: what a variance swap struck at IV would have gained. */
  readonly variance: number | null
  /** IV − RV in vol points. */
  readonly volPts: number | null
  readonly reason: 'no_implied_vol' | 'no_realised_vol' | null
}

/**
 * Implied less realised, with the realised volatility of the past as a stand-in for the one to come (P. Carr and L. Wu,
 * "Variance risk premiums", 2009, define it on the future one). Compare like with like: 30-day IV with about 21 sessions.
 */
export function varianceRiskPremium(impliedVol: number | null, realised: RealisedVol): VarianceRiskPremium {
  if (impliedVol === null) return { variance: null, volPts: null, reason: 'no_implied_vol' }
  if (realised.vol === null) return { variance: null, volPts: null, reason: 'no_realised_vol' }
  return {
    variance: impliedVol ** 2 - realised.vol ** 2,
    volPts: 100 * (impliedVol - realised.vol),
    reason: null,
  }
}
