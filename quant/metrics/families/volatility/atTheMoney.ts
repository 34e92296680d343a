import { CONSTANT_MATURITIES_DAYS } from '../../../volatility/termStructure.ts'
import { METHODS } from '../../../volatility/volatilityStructure.ts'
import { measured } from '../../measurement.ts'
import type { Metric } from '../../metric.ts'
import { everySmileBasis, fitsAround, smileBasis } from '../../smileBasis.ts'
import { inWords } from '../../volatilityReasons.ts'

const UNIT = 'annualised fraction'
const INTERPOLATION =
  'Cboe, "Volatility Index Methodology": total variance linear in time, without its strip of options'

/** Columns of equal length, soonest first. */
interface ByExpiry {
  readonly expiryMs: readonly number[]
  readonly days: readonly number[]
  readonly atmVol: readonly (number | null)[]
  readonly reason: readonly (string | null)[]
}

const BY_EXPIRY: Metric<ByExpiry> = {
  id: 'volatility.atmVols',
  title: 'At-the-money volatility by expiry',
  unit: UNIT,
  method: METHODS.smile,
  usesSignModel: false,
  meaning: 'The volatility that option prices imply at the forward of each live expiry: the term structure.',
  formula: '√(w(0)/T), w the fitted total variance of the expiry, T calendar days over 365',
  source: 'J. Gatheral, "A parsimonious arbitrage-free implied volatility parameterization" (2004)',
  measure: (view) => {
    const { expiries, fits } = view.volatility
    const value = {
      expiryMs: expiries.map(({ expiryMs }) => expiryMs),
      days: expiries.map(({ days }) => days),
      atmVol: expiries.map(({ atmVol }) => atmVol),
      reason: expiries.map(({ reason }) => inWords(reason)),
    }
    return measured(view, fits.length > 0 ? value : null, inWords('no_smiles'), everySmileBasis(view))
  },
}

export const AT_THE_MONEY_METRICS: readonly Metric[] = [
  BY_EXPIRY,
  ...CONSTANT_MATURITIES_DAYS.map((days): Metric<number> => ({
    id: `volatility.atmVol${days}`,
    title: `At-the-money volatility, ${days} days`,
    unit: UNIT,
    method: METHODS.tenor,
    usesSignModel: false,
    meaning: `Implied volatility at the forward, ${days} calendar days from now: a maturity that does not shorten as days pass, unlike that of any one expiry.`,
    formula: `√(w/T) at k = 0 and T = ${days}/365, w linear in T between the neighbouring expiries; never beyond them`,
    source: INTERPOLATION,
    measure: (view) => {
      const { termStructure, fits } = view.volatility
      const found = termStructure.constantMaturity.find((maturity) => maturity.days === days)
      const basis = smileBasis(view, fitsAround(fits, days))
      return measured(view, found?.atmVol ?? null, inWords(found?.reason ?? null), basis)
    },
  })),
]
