import {
  closeToCloseVol,
  parkinsonVol,
  yangZhangVol,
  type Bar,
  type RealisedVol,
} from '../../../volatility/realisedVol.ts'
import { varianceRiskPremium, type VarianceRiskPremium } from '../../../volatility/varianceRiskPremium.ts'
import type { Contributions } from '../../evidence.ts'
import type { MarketView } from '../../marketView.ts'
import { measured } from '../../measurement.ts'
import type { Measurement, Metric } from '../../metric.ts'
import { fitsAround, smileBasis } from '../../smileBasis.ts'
import { inWords } from '../../volatilityReasons.ts'
import { monthVol, thinHistory } from './history.ts'

/** As many sessions as 30 calendar days have, so that implied and realised are of the same length. */
const SESSIONS = 21
const UNIT = 'annualised fraction'

interface Estimator {
  readonly name: string
  readonly title: string
  readonly method: string
  readonly meaning: string
  readonly formula: string
  readonly source: string
  readonly of: (bars: readonly Bar[]) => RealisedVol
}

const ESTIMATORS: readonly Estimator[] = [
  {
    name: 'realisedCloseToClose',
    title: 'Realised volatility, close to close',
    method: 'realised.close_to_close@1',
    meaning:
      'How much the underlying really moved from close to close, nights included. What a day did in between does not count.',
    formula: '√(252·sample variance of ln(Cᵢ/Cᵢ₋₁))',
    source: 'the sample standard deviation of daily log returns',
    of: closeToCloseVol,
  },
  {
    name: 'realisedParkinson',
    title: 'Realised volatility, Parkinson',
    method: 'realised.parkinson@1',
    meaning: 'From each day’s range: surer with few days, but blind to what happens overnight.',
    formula: '√(252·mean of ln²(Hᵢ/Lᵢ)/(4·ln 2))',
    source:
      'M. Parkinson, "The Extreme Value Method for Estimating the Variance of the Rate of Return" (1980)',
    of: (bars) => parkinsonVol(bars.slice(-SESSIONS)),
  },
  {
    name: 'realisedYangZhang',
    title: 'Realised volatility, Yang–Zhang',
    method: 'realised.yang_zhang@1',
    meaning: 'Nights, days and ranges together: the surest of the three, with drift and gaps allowed for.',
    formula: '√(252·(overnight variance + k·open-to-close variance + (1 − k)·Rogers–Satchell variance))',
    source: 'D. Yang and Q. Zhang, "Drift-Independent Volatility Estimation" (2000)',
    of: yangZhangVol,
  },
]

const PREMIUM_METRICS: readonly Metric[] = [
  premiumMetric(
    'varianceRiskPremium',
    'Variance risk premium',
    'annualised variance',
    'IV(30 d)² − RV²',
    ({ variance }) => variance,
  ),
  premiumMetric(
    'varianceRiskPremiumVolPts',
    'Variance risk premium, in volatility',
    'vol points',
    '100·[IV(30 d) − RV]',
    ({ volPts }) => volPts,
  ),
]

export const REALISED_METRICS: readonly Metric[] = [
  ...ESTIMATORS.map(({ name, title, method, meaning, formula, source, of }): Metric<number> => ({
    id: `volatility.${name}`,
    title,
    unit: UNIT,
    method,
    usesSignModel: false,
    meaning: `${meaning} Of the last ${SESSIONS} sessions.`,
    formula,
    source,
    measure: (view) => measureRealised(view, of),
  })),
  ...PREMIUM_METRICS,
]

function measureRealised(view: MarketView, of: Estimator['of']): Measurement<number> {
  const bars = lastBars(view)
  const { vol, bars: used, reason } = of(bars)
  return measured(view, vol, inWords(reason), {
    coverage: 1,
    flags: thinHistory(reason),
    inputs: () => [{ name: 'sessions', value: used, unit: 'count', asOfMs: null }],
    contributions: () => barTerms(bars),
  })
}

/** One session more than there are returns. */
function lastBars({ history }: MarketView): readonly Bar[] {
  return history.dailyBars.slice(-SESSIONS - 1)
}

function premiumMetric(
  name: string,
  title: string,
  unit: string,
  formula: string,
  read: (premium: VarianceRiskPremium) => number | null,
): Metric<number> {
  return {
    id: `volatility.${name}`,
    title,
    unit,
    method: 'vol.iv30_less_yang_zhang_21@1',
    usesSignModel: false,
    meaning:
      'What options of 30 days charge above what the underlying has been doing. Usually positive. The past stands in for the month to come, which is what the definition really compares with.',
    formula: `${formula}, RV: Yang–Zhang of the last ${SESSIONS} sessions`,
    source: 'P. Carr and L. Wu, "Variance Risk Premiums" (2009)',
    measure: (view) => measurePremium(view, read),
  }
}

function measurePremium(
  view: MarketView,
  read: (premium: VarianceRiskPremium) => number | null,
): Measurement<number> {
  const implied = monthVol(view)
  const realised = yangZhangVol(lastBars(view))
  const premium = varianceRiskPremium(implied, realised)
  const { asOfMs, fits } = view.volatility
  const basis = smileBasis(view, fitsAround(fits, 30))
  const reason = premium.reason === 'no_realised_vol' ? realised.reason : premium.reason
  return measured(view, read(premium), inWords(reason), {
    ...basis,
    flags: [...(basis.flags ?? []), ...thinHistory(realised.reason)],
    inputs: () => [
      { name: '30-day volatility', value: implied, unit: UNIT, asOfMs },
      { name: 'realised volatility', value: realised.vol, unit: UNIT, asOfMs: null },
    ],
  })
}

/** The sessions by the size of their return, those with impossible prices left out. */
function barTerms(bars: readonly Bar[]): Contributions {
  const items = bars.slice(1).flatMap(({ open, high, low, close }, i) => {
    const prices = { open, high, low, close, closeBefore: bars[i]?.close ?? Number.NaN }
    if (!Object.values(prices).every((price) => price > 0 && price < Infinity)) return []
    const ago = bars.length - 1 - i
    const name = ago === 1 ? 'last session' : `${ago} sessions ago`
    return [{ name, amount: Math.log(close) - Math.log(prices.closeBefore), inputs: prices }]
  })
  return {
    kind: 'terms',
    unit: 'log return, close to close',
    total: null,
    items: items.toSorted((a, b) => Math.abs(b.amount) - Math.abs(a.amount)),
    rest: null,
  }
}
