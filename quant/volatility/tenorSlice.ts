import type { SmileFit } from './fitSmile.ts'
import { curveAt, type CurvePoint } from './smileCurve.ts'

const DAYS_PER_YEAR = 365

/** The smile at one time to settlement, fitted or interpolated. */
export interface TenorSlice {
  readonly years: number
  readonly forward: number
  readonly discount: number
  /** Volatility at the forward, annualised. */
  readonly atmVol: number
  /** Log-moneyness between which strikes were quoted; beyond it `at` extrapolates. */
  readonly kMin: number
  readonly kMax: number
  /** Total variance and its derivatives at a log-moneyness. */
  readonly at: (k: number) => CurvePoint
}

export type NoTenorReason = 'no_smiles' | 'before_first_expiry' | 'after_last_expiry'

export type TenorSliceResult =
  { readonly ok: true; readonly slice: TenorSlice } | { readonly ok: false; readonly reason: NoTenorReason }

export function sliceOf(fit: SmileFit): TenorSlice {
  const { years, forward, discount, atmVol, kMin, kMax, curve } = fit
  return { years, forward, discount, atmVol, kMin, kMax, at: (k) => curveAt(curve, k) }
}

/**
 * The smile at a constant maturity in calendar days: total variance interpolated linearly in time at equal forward
 * log-moneyness between the two fitted expiries around it, which creates no calendar arbitrage of its own (J. Gatheral
 * and A. Jacquier, "Arbitrage-free SVI volatility surfaces", 2014, lemma 5.1). Never extrapolated. `fits` ascend in
 * time.
 */
export function sliceAtTenor(fits: readonly SmileFit[], days: number): TenorSliceResult {
  const years = days / DAYS_PER_YEAR
  const after = fits.findIndex((fit) => fit.years >= years)
  const later = fits[after]
  if (later === undefined) return { ok: false, reason: fits.length > 0 ? 'after_last_expiry' : 'no_smiles' }
  if (later.years === years) return { ok: true, slice: sliceOf(later) }
  const earlier = fits[after - 1]
  if (earlier === undefined) return { ok: false, reason: 'before_first_expiry' }
  return { ok: true, slice: between(earlier, later, years) }
}

function between(earlier: SmileFit, later: SmileFit, years: number): TenorSlice {
  const share = (years - earlier.years) / (later.years - earlier.years)
  const mix = (a: number, b: number): number => a + share * (b - a)
  const at = (k: number): CurvePoint => {
    const a = curveAt(earlier.curve, k)
    const b = curveAt(later.curve, k)
    return { w: mix(a.w, b.w), slope: mix(a.slope, b.slope), curvature: mix(a.curvature, b.curvature) }
  }
  return {
    years,
    forward: Math.exp(mix(Math.log(earlier.forward), Math.log(later.forward))),
    discount: Math.exp(mix(Math.log(earlier.discount), Math.log(later.discount))),
    atmVol: Math.sqrt(at(0).w / years),
    kMin: Math.max(earlier.kMin, later.kMin),
    kMax: Math.min(earlier.kMax, later.kMax),
    at,
  }
}
