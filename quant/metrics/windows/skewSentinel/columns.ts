import type { Skew } from '../../../volatility/skew.ts'
import {
  METHODS,
  type ConstantMaturitySkew,
  type ExpiryVolatility,
} from '../../../volatility/volatilityStructure.ts'
import { measured } from '../../measurement.ts'
import type { Metric } from '../../metric.ts'
import { everySmileBasis } from '../../smileBasis.ts'
import { inWords } from '../../volatilityReasons.ts'
import { DELTA_SOURCE } from './figures.ts'

/** Columns of equal length, soonest first; a null has its reason in the same place. */
interface SkewColumns {
  readonly skew25VolPts: readonly (number | null)[]
  readonly riskReversal25VolPts: readonly (number | null)[]
  readonly butterfly25VolPts: readonly (number | null)[]
  readonly normalisedSkew25: readonly (number | null)[]
  readonly atmSlope: readonly (number | null)[]
  readonly reason: readonly (string | null)[]
}

type SkewRow = Pick<ExpiryVolatility | ConstantMaturitySkew, 'skew' | 'reason'>

const SHARED = {
  unit: 'vol points; normalised: share of at-the-money volatility; slope: volatility per 1.00 of log-moneyness',
  method: METHODS.skew,
  usesSignModel: false,
  source: DELTA_SOURCE,
} as const

export const SKEW_BY_EXPIRY: Metric<SkewColumns & { readonly expiryMs: readonly number[] }> = {
  ...SHARED,
  id: 'skewSentinel.byExpiry',
  title: 'Skew by expiry',
  meaning: 'Skew, risk reversal, butterfly and slope of every live expiry.',
  formula: 'as for 30 days, on the smile of each expiry',
  measure: (view) => {
    const { expiries, fits } = view.volatility
    const value = { expiryMs: expiries.map(({ expiryMs }) => expiryMs), ...columnsOf(expiries) }
    return measured(view, fits.length > 0 ? value : null, inWords('no_smiles'), everySmileBasis(view))
  },
}

export const SKEW_BY_MATURITY: Metric<SkewColumns & { readonly days: readonly number[] }> = {
  ...SHARED,
  id: 'skewSentinel.byMaturity',
  title: 'Skew by constant maturity',
  meaning: 'Skew, risk reversal, butterfly and slope at maturities that stay the same from day to day.',
  formula: 'as for 30 days, at 7, 30, 60 and 90 calendar days; never beyond the listed expiries',
  measure: (view) => {
    const { skew: maturities, fits } = view.volatility
    const value = { days: maturities.map(({ days }) => days), ...columnsOf(maturities) }
    return measured(view, fits.length > 0 ? value : null, inWords('no_smiles'), everySmileBasis(view))
  },
}

function columnsOf(rows: readonly SkewRow[]): SkewColumns {
  const column = (read: (skew: Skew) => number | null) =>
    rows.map(({ skew }) => (skew === null ? null : read(skew)))
  return {
    skew25VolPts: column(({ skew25VolPts }) => skew25VolPts),
    riskReversal25VolPts: column(({ riskReversal25VolPts }) => riskReversal25VolPts),
    butterfly25VolPts: column(({ butterfly25VolPts }) => butterfly25VolPts),
    normalisedSkew25: column(({ normalisedSkew25 }) => normalisedSkew25),
    atmSlope: column(({ atmSlope }) => atmSlope),
    reason: rows.map(({ skew, reason }) => inWords(reason ?? skew?.reason ?? null)),
  }
}
