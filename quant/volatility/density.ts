import { normalCdf, normalPdf } from '../math/normal.ts'
import type { SmileFit } from './fitSmile.ts'
import { curveAt, durrleman, type SmileCurve } from './smileCurve.ts'

/**
 * Risk-neutral distribution of the settlement price, from the curvature of option prices in strike (D. Breeden and
 * R. Litzenberger, "Prices of state-contingent claims implicit in option prices", 1978), closed in terms of the fitted
 * total variance: with d₂ = −k/√w − √w/2,
 *
 *     density of k     g(k)·φ(d₂)/√w          (g is Durrleman's function)
 *     P(ln S/F < k)    N(−d₂) + φ(d₂)·w′/(2√w)
 */
export const DENSITY_BINS = 40
const REACH_DEVIATIONS = 5
/** Mass the fit puts beyond the fitted strikes; above this the shape of the tails is the model's and not the market's. */
const MAX_EXTRAPOLATED = 0.1
const MAX_NEGATIVE = 1e-3

export type NoDensityReason = 'butterfly_arbitrage' | 'tails_not_quoted'

export interface RiskNeutralDensity {
  readonly expiryMs: number
  /** Bin edges as settlement prices, ¼ standard deviation of the log apart over ±5: one more than there are bins. */
  readonly edges: readonly number[]
  /** Probability of each bin; null with `reason`. */
  readonly probabilities: readonly number[] | null
  /** Probability below the first and above the last edge. */
  readonly below: number
  readonly above: number
  /** Probability that rests on extrapolation beyond the fitted strikes. */
  readonly extrapolated: number
  /** Integral of the density over ±12 standard deviations: 1 unless its tails are fatter than that. */
  readonly mass: number
  /** Mean settlement over the forward, of that mass: 1 for a consistent fit. */
  readonly meanOverForward: number
  readonly reason: NoDensityReason | null
}

/** Density of ln(S/F) at k; negative where the smile has butterfly arbitrage. */
export function densityAt(curve: SmileCurve, k: number): number {
  const { w, slope, curvature } = curveAt(curve, k)
  const root = Math.sqrt(w)
  return (durrleman(w, slope, curvature, k) * normalPdf(-k / root - 0.5 * root)) / root
}

/** P(S < F·e^k). */
export function probabilityBelow(curve: SmileCurve, k: number): number {
  const { w, slope } = curveAt(curve, k)
  const root = Math.sqrt(w)
  const d2 = -k / root - 0.5 * root
  return normalCdf(-d2) + (normalPdf(d2) * slope) / (2 * root)
}

export function riskNeutralDensity(fit: SmileFit): RiskNeutralDensity {
  const { curve, forward, expiryMs } = fit
  const deviation = fit.atmVol * Math.sqrt(fit.years)
  const ks = Array.from(
    { length: DENSITY_BINS + 1 },
    (_, i) => REACH_DEVIATIONS * deviation * ((2 * i) / DENSITY_BINS - 1),
  )
  const cumulative = ks.map((k) => probabilityBelow(curve, k))
  const masses = cumulative.slice(1).map((upTo, i) => upTo - (cumulative[i] as number))
  const negative = masses.reduce((sum, mass) => sum + Math.max(0, -mass), 0)
  const extrapolated = probabilityBelow(curve, fit.kMin) + 1 - probabilityBelow(curve, fit.kMax)
  const reason =
    negative > MAX_NEGATIVE
      ? 'butterfly_arbitrage'
      : extrapolated > MAX_EXTRAPOLATED
        ? 'tails_not_quoted'
        : null
  return {
    expiryMs,
    edges: ks.map((k) => forward * Math.exp(k)),
    probabilities: reason === null ? masses.map((mass) => Math.max(0, mass)) : null,
    below: cumulative[0] as number,
    above: 1 - (cumulative[DENSITY_BINS] as number),
    extrapolated,
    ...momentsOf(curve, deviation),
    reason,
  }
}

const MOMENT_REACH_DEVIATIONS = 12
const MOMENT_STEPS = 480

/** ∫ density and ∫ e^k·density over ±12 standard deviations, by Simpson's rule. */
function momentsOf(curve: SmileCurve, deviation: number): { mass: number; meanOverForward: number } {
  const step = (2 * MOMENT_REACH_DEVIATIONS * deviation) / MOMENT_STEPS
  let mass = 0
  let mean = 0
  for (let i = 0; i <= MOMENT_STEPS; i++) {
    const k = (i - MOMENT_STEPS / 2) * step
    const weight = i === 0 || i === MOMENT_STEPS ? 1 : i % 2 === 1 ? 4 : 2
    const share = (weight * densityAt(curve, k) * step) / 3
    mass += share
    mean += share * Math.exp(k)
  }
  return { mass, meanOverForward: mean / mass }
}
