import type { SmileFit } from './fitSmile.ts'
import { totalVariance } from './smileCurve.ts'

const CHECKED_POINTS = 25
/** Standard deviations of the later expiry: the far wings of two independent fits cross for want of quotes. */
const REACH = 2.5
/** Neighbouring fits of recorded SPX chains cross by up to 0.08 vol points in their far wings out of fit noise alone. */
const TOLERANCE_VOL_PTS = 0.1

export interface CalendarCheck {
  /** By how much the earlier smile's total variance is above the later one's at worst, in vol points of the earlier; 0 when nowhere. */
  readonly worstVolPts: number
  /** Log-moneyness of the worst place. */
  readonly k: number
  readonly isArbitrage: boolean
}

/**
 * Whether total variance falls from one expiry to the next at some forward moneyness within 2.5 standard deviations that both
 * smiles were fitted to:
 * a calendar spread would then have a negative price (J. Gatheral and A. Jacquier, "Arbitrage-free SVI volatility
 * surfaces", Quantitative Finance 14, 2014, lemma 2.1).
 */
export function calendarCheck(earlier: SmileFit, later: SmileFit): CalendarCheck {
  const reach = REACH * later.atmVol * Math.sqrt(later.years)
  const from = Math.max(earlier.kMin, later.kMin, -reach)
  const to = Math.min(earlier.kMax, later.kMax, reach)
  let worst = { worstVolPts: 0, k: 0 }
  for (let i = 0; i < CHECKED_POINTS; i++) {
    const k = from + ((to - from) * i) / (CHECKED_POINTS - 1)
    const early = Math.sqrt(totalVariance(earlier.curve, k) / earlier.years)
    const late = Math.sqrt(totalVariance(later.curve, k) / earlier.years)
    const excess = 100 * (early - late)
    if (excess > worst.worstVolPts) worst = { worstVolPts: excess, k }
  }
  return { ...worst, isArbitrage: worst.worstVolPts > TOLERANCE_VOL_PTS }
}

/** The fits, ascending in time, with ARB_CALENDAR added to each later expiry of an offending pair. */
export function flagCalendarArbitrage(fits: readonly SmileFit[]): SmileFit[] {
  return fits.map((fit, i) => {
    const earlier = fits[i - 1]
    if (earlier === undefined || !calendarCheck(earlier, fit).isArbitrage) return fit
    return { ...fit, flags: [...fit.flags, 'ARB_CALENDAR' as const] }
  })
}
