/** What figures read off fitted smiles rest on. */
import type { SmileFit } from '../volatility/fitSmile.ts'
import type { Contributions } from './evidence.ts'
import { METRIC_FLAGS, type MetricFlag } from './flags.ts'
import type { MarketView } from './marketView.ts'
import type { Basis } from './measurement.ts'

const DAYS_PER_YEAR = 365

/**
 * Of the smiles a figure was read from. Their share of the live expiries is no measure of it: an interpolated maturity
 * needs two.
 */
export function smileBasis({ volatility }: MarketView, fits: readonly SmileFit[]): Basis {
  return {
    asOfMs: volatility.asOfMs,
    coverage: 1,
    flags: flagsOf(fits),
    contributions: () => smileTerms(fits),
  }
}

/** Of a figure that all expiries enter, as far as they have a smile. */
export function everySmileBasis(view: MarketView): Basis {
  const { fits, expiries } = view.volatility
  return { ...smileBasis(view, fits), coverage: expiries.length > 0 ? fits.length / expiries.length : null }
}

/** The fitted smiles a maturity is interpolated between: the one before and the one after, or the one it is. */
export function fitsAround(fits: readonly SmileFit[], days: number): SmileFit[] {
  const years = days / DAYS_PER_YEAR
  const after = fits.findIndex((fit) => fit.years >= years)
  if (after < 0) return []
  return fits.slice(fits[after]?.years === years ? after : Math.max(0, after - 1), after + 1)
}

/** What is wrong with some of the smiles and matters to a reader of any of their figures. */
function flagsOf(fits: readonly SmileFit[]): MetricFlag[] {
  const found = new Set<string>(fits.flatMap(({ flags }) => flags))
  return METRIC_FLAGS.filter((flag) => found.has(flag))
}

function smileTerms(fits: readonly SmileFit[]): Contributions {
  return {
    kind: 'terms',
    unit: 'volatility at the forward, annualised fraction',
    total: null,
    items: fits
      .map(({ expiryMs, years, forward, atmVol, quality, flags }) => ({
        name: new Date(expiryMs).toISOString(),
        amount: atmVol,
        inputs: {
          days: DAYS_PER_YEAR * years,
          forward,
          rmseVolPts: quality.rmseVolPts,
          rowsFitted: quality.rowsFitted,
          rowsQuoted: quality.rowsQuoted,
          insideSpread: quality.insideSpread,
          flags: flags.join(' '),
        },
      }))
      .toSorted((a, b) => b.amount - a.amount),
    rest: null,
  }
}
