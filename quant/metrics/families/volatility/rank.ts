import { ivRank, type IvRank } from '../../../volatility/ivRank.ts'
import type { MarketView } from '../../marketView.ts'
import { measured } from '../../measurement.ts'
import type { Measurement, Metric } from '../../metric.ts'
import { fitsAround, smileBasis } from '../../smileBasis.ts'
import { inWords } from '../../volatilityReasons.ts'
import { monthVol, thinHistory } from './history.ts'

const SOURCE = 'common usage of option dashboards; 30-day constant maturity instead of one expiry'

export const RANK_METRICS: readonly Metric[] = [
  rankMetric(
    'ivRank',
    'IV rank',
    'Where between the lowest (0) and highest (1) 30-day volatility of a year today’s lies. One spike holds it down for a year; the percentile does not mind.',
    '(IV − min)/(max − min) over up to 252 earlier sessions and today',
    ({ rank }) => rank,
  ),
  rankMetric(
    'ivPercentile',
    'IV percentile',
    'On what share of the sessions of a year 30-day volatility was lower than now.',
    'sessions with lower IV / sessions, up to 252 earlier ones',
    ({ percentile }) => percentile,
  ),
]

function rankMetric(
  name: string,
  title: string,
  meaning: string,
  formula: string,
  read: (rank: IvRank) => number | null,
): Metric<number> {
  return {
    id: `volatility.${name}`,
    title,
    unit: 'share, 0 to 1',
    method: 'vol.rank_252_sessions@1',
    usesSignModel: false,
    meaning: `${meaning} Needs 60 sessions.`,
    formula,
    source: SOURCE,
    measure: (view) => measureRank(view, read),
  }
}

function measureRank(view: MarketView, read: (rank: IvRank) => number | null): Measurement<number> {
  const today = monthVol(view)
  const rank = ivRank(view.history.dailyAtmVols, today)
  const { asOfMs, fits } = view.volatility
  const basis = smileBasis(view, fitsAround(fits, 30))
  return measured(view, read(rank), inWords(rank.reason), {
    ...basis,
    flags: [...(basis.flags ?? []), ...thinHistory(rank.reason)],
    inputs: () => [
      { name: '30-day volatility', value: today, unit: 'annualised fraction', asOfMs },
      { name: 'earlier sessions', value: rank.sessions, unit: 'count', asOfMs: null },
    ],
  })
}
