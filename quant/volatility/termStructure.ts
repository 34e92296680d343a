import type { SmileFit } from './fitSmile.ts'
import { sliceAtTenor, type NoTenorReason } from './tenorSlice.ts'

const DAYS_PER_YEAR = 365
/** Two settlements of one day share their variance: what lies between them is fit noise over almost no time. */
const LEAST_FORWARD_DAYS = 0.5

export const CONSTANT_MATURITIES_DAYS = [7, 30, 60, 90] as const

export interface ConstantMaturityVol {
  readonly days: number
  /** At-the-forward volatility, annualised. */
  readonly atmVol: number | null
  readonly reason: NoTenorReason | null
}

export interface ForwardVol {
  readonly fromExpiryMs: number
  readonly toExpiryMs: number
  /** Volatility between the two settlements, annualised, at the forward. */
  readonly vol: number | null
  /** `calendar_arbitrage`: variance falls between the two, so no volatility joins them. */
  readonly reason: 'calendar_arbitrage' | null
}

export interface TermStructure {
  readonly constantMaturity: readonly ConstantMaturityVol[]
  readonly forwardVols: readonly ForwardVol[]
  /** IV(30 d) − IV(7 d) and IV(90 d) − IV(30 d), in vol points: positive is contango. */
  readonly slope7To30VolPts: number | null
  readonly slope30To90VolPts: number | null
  /** Whether 30-day volatility is above 90-day: the VIX/VIX3M > 1 convention. */
  readonly isBackwardated: boolean | null
  readonly reason: NoTenorReason | null
}

/** At-the-money volatility against time, of fits ascending in time. */
export function termStructure(fits: readonly SmileFit[]): TermStructure {
  const constantMaturity = CONSTANT_MATURITIES_DAYS.map((days) => atConstantMaturity(fits, days))
  const atmVol = (days: number): number | null =>
    constantMaturity.find((maturity) => maturity.days === days)?.atmVol ?? null
  const slope30To90VolPts = slope(atmVol(30), atmVol(90))
  return {
    constantMaturity,
    forwardVols: forwardVols(fits),
    slope7To30VolPts: slope(atmVol(7), atmVol(30)),
    slope30To90VolPts,
    isBackwardated: slope30To90VolPts === null ? null : slope30To90VolPts < 0,
    reason: constantMaturity.find(({ reason }) => reason !== null)?.reason ?? null,
  }
}

/** Total variance at the forward, interpolated linearly in time: the method of the VIX, without its strip. */
export function atConstantMaturity(fits: readonly SmileFit[], days: number): ConstantMaturityVol {
  const found = sliceAtTenor(fits, days)
  return found.ok
    ? { days, atmVol: found.slice.atmVol, reason: null }
    : { days, atmVol: null, reason: found.reason }
}

/** σ² = (w₂ − w₁)/(T₂ − T₁) between successive settlements at least half a day apart. */
export function forwardVols(fits: readonly SmileFit[]): ForwardVol[] {
  const forwards: ForwardVol[] = []
  let from = fits[0]
  for (const to of fits.slice(1)) {
    if (from === undefined) break
    const years = to.years - from.years
    if (years * DAYS_PER_YEAR < LEAST_FORWARD_DAYS) continue
    const variance = (to.atmVol ** 2 * to.years - from.atmVol ** 2 * from.years) / years
    const ends = { fromExpiryMs: from.expiryMs, toExpiryMs: to.expiryMs }
    forwards.push(
      variance >= 0
        ? { ...ends, vol: Math.sqrt(variance), reason: null }
        : { ...ends, vol: null, reason: 'calendar_arbitrage' },
    )
    from = to
  }
  return forwards
}

function slope(near: number | null, far: number | null): number | null {
  return near === null || far === null ? null : 100 * (far - near)
}
