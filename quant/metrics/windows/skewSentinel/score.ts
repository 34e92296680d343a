import { timeOfDayScore } from '../../../volatility/timeOfDay.ts'
import type { MarketView } from '../../marketView.ts'
import { measured, missing } from '../../measurement.ts'
import type { Measurement, Metric } from '../../metric.ts'
import { fitsAround, smileBasis } from '../../smileBasis.ts'
import { inWords } from '../../volatilityReasons.ts'
import { skewAtDays } from './figures.ts'

const DAYS = 30

export const SKEW_SCORE: Metric<number> = {
  id: 'skewSentinel.skew25Score',
  title: 'Skew against the same time of day',
  unit: 'robust standard deviations',
  method: 'skew.time_of_day_median_mad@1',
  usesSignModel: false,
  meaning:
    'How unusual the 30-day skew is for this half hour of the session. 0: as usual; beyond ±3 is rare. Needs twelve earlier sessions.',
  formula:
    '0.6745·(skew − median)/MAD over the same half hour from the open of up to 60 earlier sessions; MAD = median |skew − median|',
  source: 'B. Iglewicz and D. Hoaglin, "How to Detect and Handle Outliers" (1993)',
  measure: measureScore,
}

function measureScore(view: MarketView): Measurement<number> {
  const { session, history, volatility } = view
  if (session === null) return missing(view, 'the session is not known')
  const { asOfMs } = volatility
  const skew = skewAtDays(volatility, DAYS)
  const today = skew.value?.skew25VolPts ?? null
  const score = timeOfDayScore(history.skewByTimeOfDay ?? [], session, asOfMs, today)
  const { z, median, mad, sessions, reason } = score
  const basis = smileBasis(view, fitsAround(volatility.fits, DAYS))
  const unit = 'vol points'
  return measured(view, z, reason === 'no_reading' ? skew.reason : inWords(reason), {
    ...basis,
    flags: [
      ...(basis.flags ?? []),
      ...(reason === 'insufficient_history' ? ['INSUFFICIENT_HISTORY' as const] : []),
    ],
    inputs: () => [
      { name: '25-delta skew', value: today, unit, asOfMs },
      { name: 'median of this half hour', value: median, unit, asOfMs: null },
      { name: 'median absolute deviation', value: mad, unit, asOfMs: null },
      { name: 'earlier sessions', value: sessions, unit: 'count', asOfMs: null },
    ],
  })
}
