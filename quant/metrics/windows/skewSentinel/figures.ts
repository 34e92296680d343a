import { expiriesToday } from '../../../analytics/engine.ts'
import type { Skew } from '../../../volatility/skew.ts'
import { METHODS, type VolatilityStructure } from '../../../volatility/volatilityStructure.ts'
import type { EvidenceInput } from '../../evidence.ts'
import type { MarketView } from '../../marketView.ts'
import { measured, missing } from '../../measurement.ts'
import type { Measurement, Metric } from '../../metric.ts'
import { fitsAround, smileBasis } from '../../smileBasis.ts'
import { inWords } from '../../volatilityReasons.ts'

/** The maturity skew is compared at: the customary month. */
const MONTH_DAYS = 30
const WEEK_DAYS = 7
export const DELTA_SOURCE =
  'A. Malz, "Estimating the probability distribution of the future exchange rate from option prices" (1997): forward deltas, on the fitted smile'

interface Figure {
  readonly name: string
  readonly title: string
  readonly unit: string
  readonly meaning: string
  readonly formula: string
  readonly read: (skew: Skew) => number | null
}

const SKEW_MEANING =
  'How many vol points more a 25-delta put carries than a 25-delta call. Positive: the downside costs more.'
const SKEW_FORMULA = '100·[IV(25Δ put) − IV(25Δ call)]'
const INTERPOLATED = 'total variance interpolated in time at equal log-moneyness'

const MONTH_FIGURES: readonly Figure[] = [
  {
    name: 'skew25',
    title: '25-delta skew, 30 days',
    unit: 'vol points',
    meaning: SKEW_MEANING,
    formula: SKEW_FORMULA,
    read: ({ skew25VolPts }) => skew25VolPts,
  },
  {
    name: 'riskReversal25',
    title: '25-delta risk reversal, 30 days',
    unit: 'vol points',
    meaning: 'The same with the sign of foreign exchange: call less put. Negative: the downside costs more.',
    formula: '100·[IV(25Δ call) − IV(25Δ put)]',
    read: ({ riskReversal25VolPts }) => riskReversal25VolPts,
  },
  {
    name: 'butterfly25',
    title: '25-delta butterfly, 30 days',
    unit: 'vol points',
    meaning:
      'How far both wings lie above the middle of the smile: what the market asks for large moves of either sign.',
    formula: '100·[(IV(25Δ put) + IV(25Δ call))/2 − IV(ATM)]',
    read: ({ butterfly25VolPts }) => butterfly25VolPts,
  },
  {
    name: 'normalisedSkew25',
    title: 'Normalised skew, 30 days',
    unit: 'share of at-the-money volatility',
    meaning: 'Skew over the level of volatility, which compares across symbols and calm or wild days.',
    formula: '[IV(25Δ put) − IV(25Δ call)] / IV(ATM)',
    read: ({ normalisedSkew25 }) => normalisedSkew25,
  },
  {
    name: 'atmSlope',
    title: 'Slope of the smile at the forward, 30 days',
    unit: 'volatility per 1.00 of log-moneyness',
    meaning:
      'How steeply volatility falls (negative) or rises with strike at the money. −0.5: a strike 1 % higher has half a vol point less.',
    formula: '∂IV/∂k at k = 0, k = ln(K/F)',
    read: ({ atmSlope }) => atmSlope,
  },
]

export const MONTH_METRICS: readonly Metric<number>[] = MONTH_FIGURES.map((figure) =>
  skewMetric(figure, MONTH_DAYS),
)

export const SKEW_7_DAYS: Metric<number> = skewMetric(
  {
    name: 'skew25At7Days',
    title: '25-delta skew, 7 days',
    unit: 'vol points',
    meaning: `${SKEW_MEANING} At a week, where the next events weigh most.`,
    formula: SKEW_FORMULA,
    read: ({ skew25VolPts }) => skew25VolPts,
  },
  WEEK_DAYS,
)

function skewMetric({ name, title, unit, meaning, formula, read }: Figure, days: number): Metric<number> {
  return {
    id: `skewSentinel.${name}`,
    title,
    unit,
    method: METHODS.skew,
    usesSignModel: false,
    meaning,
    formula: `${formula}; ${INTERPOLATED}`,
    source: DELTA_SOURCE,
    measure: (view) => measureAt(view, days, read),
  }
}

function measureAt(view: MarketView, days: number, read: Figure['read']): Measurement<number> {
  const { volatility } = view
  const skew = skewAtDays(volatility, days)
  return measured(view, skew.value && read(skew.value), skew.reason, {
    ...smileBasis(view, fitsAround(volatility.fits, days)),
    inputs: () => skewInputs(skew.value, volatility.asOfMs),
  })
}

/** Skew at a constant maturity, and why its 25-delta figures are null when they are. */
export function skewAtDays(
  { skew }: VolatilityStructure,
  days: number,
): { readonly value: Skew | null; readonly reason: string | null } {
  const found = skew.find((maturity) => maturity.days === days)
  if (found === undefined) return { value: null, reason: 'this maturity is not computed' }
  return { value: found.skew, reason: inWords(found.reason ?? found.skew?.reason ?? null) }
}

export const SKEW_ZERO_DTE: Metric<number> = {
  id: 'skewSentinel.skew25ZeroDte',
  title: '25-delta skew of what settles today',
  unit: 'vol points',
  method: METHODS.skew,
  usesSignModel: false,
  meaning: `${SKEW_MEANING} Of the last settlement on the exchange’s date of today.`,
  formula: SKEW_FORMULA,
  source: DELTA_SOURCE,
  measure: measureZeroDte,
}

function measureZeroDte(view: MarketView): Measurement<number> {
  const { engine, volatility } = view
  const { chain, sections } = engine
  const today = expiriesToday(engine)
  if (today === 0) return missing(view, 'nothing settles today')
  const expiryMs = chain.expiryMs[sections.frontExpiry + today - 1]
  const expiry = volatility.expiries.find((candidate) => candidate.expiryMs === expiryMs)
  if (expiry === undefined) return missing(view, 'what settles today has no forward')
  const reason = expiry.reason ?? expiry.skew?.reason ?? null
  return measured(view, expiry.skew?.skew25VolPts ?? null, inWords(reason), {
    ...smileBasis(
      view,
      volatility.fits.filter((fit) => fit.expiryMs === expiryMs),
    ),
    inputs: () => skewInputs(expiry.skew, volatility.asOfMs),
  })
}

/** The two wings and the middle of a smile. */
export function skewInputs(skew: Skew | null, asOfMs: number): EvidenceInput[] {
  if (skew === null) return []
  const vol = 'annualised fraction'
  return [
    { name: '25-delta put volatility', value: skew.putVol25, unit: vol, asOfMs },
    { name: '25-delta call volatility', value: skew.callVol25, unit: vol, asOfMs },
    { name: '25-delta put strike', value: skew.putStrike25, unit: 'currency', asOfMs },
    { name: '25-delta call strike', value: skew.callStrike25, unit: 'currency', asOfMs },
    { name: 'at-the-money volatility', value: skew.atmVol, unit: vol, asOfMs },
  ]
}
