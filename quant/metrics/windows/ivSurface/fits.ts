import { median } from '../../../math/median.ts'
import type { FitQuality, SmileFlag } from '../../../volatility/fitSmile.ts'
import type { SmileCurve } from '../../../volatility/smileCurve.ts'
import { METHODS } from '../../../volatility/volatilityStructure.ts'
import type { MarketView } from '../../marketView.ts'
import { measured } from '../../measurement.ts'
import type { Metric } from '../../metric.ts'
import { everySmileBasis } from '../../smileBasis.ts'
import { inWords } from '../../volatilityReasons.ts'

/** Null where no smile fits, with the reason. */
interface ExpiryFit {
  readonly expiryMs: number
  readonly days: number
  readonly forward: number
  readonly atmVol: number | null
  readonly curve: SmileCurve | null
  readonly quality: FitQuality | null
  readonly flags: readonly SmileFlag[]
  readonly reason: string | null
}

const SVI = 'J. Gatheral, "A parsimonious arbitrage-free implied volatility parameterization" (2004)'
const ARBITRAGE = 'J. Gatheral and A. Jacquier, "Arbitrage-free SVI volatility surfaces" (2014)'

const FITS: Metric<readonly ExpiryFit[]> = {
  id: 'ivSurface.fits',
  title: 'Fitted smiles',
  unit: 'curve: total variance over k = ln(K/F); error: vol points',
  method: METHODS.smile,
  usesSignModel: false,
  meaning:
    'The smile of each live expiry, its error, and whether it allows an arbitrage. With too few strikes a quadratic stands in, or none.',
  formula: 'w(k) = a + b·(ρ·(k − m) + √((k − m)² + σ²)), weights vega/(IV ask − IV bid)²',
  source: SVI,
  measure: (view) => {
    const { expiries, fits } = view.volatility
    const value = expiries.map(
      ({ expiryMs, days, forward, atmVol, curve, quality, flags, reason }): ExpiryFit => ({
        expiryMs,
        days,
        forward,
        atmVol,
        curve,
        quality,
        flags,
        reason: inWords(reason),
      }),
    )
    return measured(view, fits.length > 0 ? value : null, inWords('no_smiles'), everySmileBasis(view))
  },
}

const ERROR: Metric<number> = {
  id: 'ivSurface.rmseVolPts',
  title: 'Error of the smiles',
  unit: 'vol points',
  method: METHODS.smile,
  usesSignModel: false,
  meaning:
    'How far fitted volatility is from quoted volatility on a typical expiry. Below 0.5 the surface can be read as the market’s.',
  formula: 'median over expiries of √(mean (IV fitted − IV quoted)²) over the fitted strikes',
  source: 'this project',
  measure: (view) => {
    const errors = view.volatility.fits.map(({ quality }) => quality.rmseVolPts)
    return measured(view, median(errors), inWords('no_smiles'), everySmileBasis(view))
  },
}

export const FIT_METRICS: readonly Metric[] = [
  FITS,
  ERROR,
  countMetric(
    'butterflyArbitrage',
    'Smiles with butterfly arbitrage',
    'Expiries whose smile would give some settlement a negative probability between quoted strikes.',
    'expiries with g(k) < 0 somewhere between the fitted strikes, g Durrleman’s function',
    'ARB_BUTTERFLY',
  ),
  countMetric(
    'calendarArbitrage',
    'Smiles with calendar arbitrage',
    'Expiries with less total variance than the one before at some strike: a calendar spread would have a negative price.',
    'expiries with w(k) below that of the expiry before by over 0.1 vol points within 2.5 σ√T',
    'ARB_CALENDAR',
  ),
]

function countMetric(
  name: string,
  title: string,
  meaning: string,
  formula: string,
  flag: SmileFlag,
): Metric<number> {
  return {
    id: `ivSurface.${name}`,
    title,
    unit: 'expiries',
    method: METHODS.smile,
    usesSignModel: false,
    meaning,
    formula,
    source: ARBITRAGE,
    measure: (view: MarketView) => {
      const { fits, flags } = view.volatility
      const count = fits.length > 0 ? (flags[flag] ?? 0) : null
      return measured(view, count, inWords('no_smiles'), everySmileBasis(view))
    },
  }
}
