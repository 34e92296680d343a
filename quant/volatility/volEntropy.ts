import type { Chain } from '../chain/chain.ts'
import { normalCdf } from '../math/normal.ts'
import { DENSITY_BINS, type NoDensityReason, type RiskNeutralDensity } from './density.ts'
import { entropyOf, type Entropy } from './entropy.ts'
import type { SmileFit } from './fitSmile.ts'
import type { ExpirySmile } from './smileInputs.ts'

/** Strikes within this many standard deviations of the forward take part in the entropy of volatility. */
const IV_REACH_DEVIATIONS = 1.5

export interface DensityEntropy {
  /** Of the risk-neutral density of one expiry over its 40 bins. */
  readonly entropy: Entropy | null
  /** Bits less those of the lognormal with the same at-the-money volatility on the same bins; negative: more concentrated. */
  readonly deltaBits: number | null
  readonly reason: NoDensityReason | null
}

/** Entropy of the distribution itself: how uncertain the market is about settlement beyond its volatility. */
export function densityEntropy(fit: SmileFit, density: RiskNeutralDensity): DensityEntropy {
  const entropy = density.probabilities === null ? null : entropyOf(density.probabilities)
  const reference = lognormalEntropy(fit.atmVol * Math.sqrt(fit.years))
  if (entropy === null || reference === null)
    return { entropy: null, deltaBits: null, reason: density.reason }
  return { entropy, deltaBits: entropy.bits - reference.bits, reason: null }
}

/** Of a lognormal of total volatility `deviation` on the density's bins: 2.808 nats while the deviation is small. */
export function lognormalEntropy(deviation: number): Entropy | null {
  const edge = (i: number): number => normalCdf(5 * ((2 * i) / DENSITY_BINS - 1) + 0.5 * deviation)
  return entropyOf(Array.from({ length: DENSITY_BINS }, (_, i) => edge(i + 1) - edge(i)))
}

/** Of volatility over the strikes near the money, p ∝ IV: near 1 when normalised, and falling as a smile steepens. */
export function ivEntropy(smile: ExpirySmile, atmVol: number): Entropy | null {
  const reach = IV_REACH_DEVIATIONS * atmVol * Math.sqrt(smile.years)
  return entropyOf(smile.rows.filter(({ k }) => Math.abs(k) <= reach).map(({ vol }) => vol))
}

/**
 * Of unsigned gamma exposure by strike, all live expiries: `effectiveCount` is over how many strikes hedging is spread.
 * Multiplier and spot squared are common factors of one chain and drop out.
 */
export function gammaEntropy(chain: Chain): Entropy | null {
  const byStrike = new Float64Array(chain.strikeCount)
  for (let row = 0; row < chain.count; row++) {
    const exposure = (chain.gamma[row] as number) * (chain.openInterest[row] as number)
    const k = chain.strikeIndex[row] as number
    if (exposure > 0) byStrike[k] = (byStrike[k] as number) + exposure
  }
  return entropyOf([...byStrike].filter((exposure) => exposure > 0))
}
