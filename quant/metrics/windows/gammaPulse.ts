/** GammaPulse: the totals of dealer gamma, where they lie around spot, and how fast they change. */
import type { ChainAnalytics } from '../../analytics.ts'
import { METHODS } from '../../analytics/chainAnalytics.ts'
import type { Side } from '../../exposure/exposureTable.ts'
import { linearTrend } from '../../math/linearTrend.ts'
import type { MarketView } from '../marketView.ts'
import { measured, missing } from '../measurement.ts'
import type { Measurement, Metric } from '../metric.ts'
import { exposureByRow, exposureContributions } from '../rowExposures.ts'
import { whyNoExposure } from '../whyNoExposure.ts'

const UNIT = 'currency per +1 % of spot'
const SOURCE = 'SqueezeMetrics, "Gamma Exposure" (2017), per 1 % instead of per point'

interface Total {
  readonly name: string
  readonly title: string
  readonly meaning: string
  readonly formula: string
  readonly read: (analytics: ChainAnalytics) => number | null
  readonly side?: Side
  /** 1 above spot, −1 below; a strike at spot counts half to each. */
  readonly aroundSpot?: 1 | -1
  readonly kind?: 'gamma' | 'gammaFinite'
}

const TOTALS: readonly Total[] = [
  {
    name: 'totalCallGex',
    title: 'Call gamma exposure',
    meaning:
      'What dealers would trade in the underlying per +1 % of spot because of the calls, under the sign model.',
    formula: 'Σ calls s·Γ·OI·M·S²·0.01',
    read: ({ exposure }) => exposure.local.call,
    side: 'call',
  },
  {
    name: 'totalPutGex',
    title: 'Put gamma exposure',
    meaning:
      'What dealers would trade in the underlying per +1 % of spot because of the puts, under the sign model. At most zero under the naive one, which has dealers short puts.',
    formula: 'Σ puts s·Γ·OI·M·S²·0.01',
    read: ({ exposure }) => exposure.local.put,
    side: 'put',
  },
  {
    name: 'netGex',
    title: 'Net gamma exposure',
    meaning:
      'Calls and puts together. Positive: under the sign model, hedging trades against the move. Negative: with it.',
    formula: 'Σ s·Γ·OI·M·S²·0.01',
    read: ({ exposure }) => exposure.local.net,
  },
  {
    name: 'aboveSpotGex',
    title: 'Net gamma exposure above spot',
    meaning: 'The part of the net that belongs to strikes above spot; a strike at spot counts half.',
    formula: 'Σ over K > S of s·Γ·OI·M·S²·0.01, and half of K = S',
    read: ({ exposure }) => exposure.aboveSpot,
    aroundSpot: 1,
  },
  {
    name: 'belowSpotGex',
    title: 'Net gamma exposure below spot',
    meaning: 'The part of the net that belongs to strikes below spot; a strike at spot counts half.',
    formula: 'Σ over K < S of s·Γ·OI·M·S²·0.01, and half of K = S',
    read: ({ exposure }) => exposure.belowSpot,
    aroundSpot: -1,
  },
  {
    name: 'netGexFinite',
    title: 'Net gamma exposure over a real 1 % move',
    meaning:
      'The net, repriced half a percent down and up. Near expiry the local figure can exceed all there is to hedge; this one cannot.',
    formula: 'Σ s·OI·M·S·[Δ(1.005·S) − Δ(0.995·S)]',
    read: ({ exposure }) => exposure.finite.net,
    kind: 'gammaFinite',
  },
]

const TOTAL_METRICS = TOTALS.map((total): Metric<number> => ({
  id: `gammaPulse.${total.name}`,
  title: total.title,
  unit: UNIT,
  method: total.kind === undefined ? METHODS.gex : METHODS.gexFinite,
  usesSignModel: true,
  meaning: total.meaning,
  formula: total.formula,
  source:
    total.kind === undefined ? SOURCE : 'this project: the delta change of a ±0.5 % move under sticky strike',
  measure: (view) => measureTotal(view, total),
}))

function measureTotal(view: MarketView, { read, side, aroundSpot, kind = 'gamma' }: Total) {
  const reason = whyNoExposure(view)
  if (reason !== null) return missing<number>(view, reason)
  return measured(view, read(view.analytics), null, {
    pick: read,
    contributions: () => exposureContributions(view, exposureByRow(view, kind, { side, aroundSpot }), UNIT),
  })
}

const GROSS: Metric<number> = {
  id: 'gammaPulse.grossGex',
  title: 'Gross gamma exposure',
  unit: UNIT,
  method: METHODS.gex,
  usesSignModel: true,
  meaning:
    'How much gamma there is on either side, whichever way it pulls: the net is what is left when they offset.',
  formula: '|call gamma exposure| + |put gamma exposure|',
  source: SOURCE,
  measure: (view) => {
    const reason = whyNoExposure(view)
    if (reason !== null) return missing(view, reason)
    const read = ({ exposure }: ChainAnalytics) => exposure.gross
    const { call, put } = view.analytics.exposure.local
    const items = [
      { name: 'calls', amount: Math.abs(call ?? 0), inputs: { signed: call } },
      { name: 'puts', amount: Math.abs(put ?? 0), inputs: { signed: put } },
    ].toSorted((a, b) => b.amount - a.amount)
    return measured(view, read(view.analytics), null, {
      pick: read,
      contributions: () => ({
        kind: 'sum',
        unit: UNIT,
        total: read(view.analytics),
        items,
        rest: { count: 0, amount: 0 },
      }),
    })
  },
}

const WINDOW_MS = 5 * 60_000
/** A shorter stretch says how the latest quotes flickered. */
const LEAST_SPAN_MS = 60_000
const MINUTE_MS = 60_000

const PER_MINUTE: Metric<number> = {
  id: 'gammaPulse.netGexPerMinute',
  title: 'Change of net gamma exposure',
  unit: 'currency per +1 % of spot, per minute',
  method: 'gex.trend_5min@1',
  usesSignModel: true,
  meaning: 'How fast the net has been moving over the last five minutes.',
  formula: 'least-squares slope of net gamma exposure over the samples of the last 5 minutes',
  source: 'this project',
  measure: measurePerMinute,
}

function measurePerMinute(view: MarketView): Measurement<number> {
  const { asOfMs } = view.engine
  const { net } = view.analytics.exposure.local
  const reason = whyNoExposure(view)
  if (net === null || reason !== null) return missing(view, reason ?? 'no net gamma exposure')
  const earlier = view.history.samples.filter(
    (sample) =>
      sample.asOfMs < asOfMs && asOfMs - sample.asOfMs <= WINDOW_MS && Number.isFinite(sample.netGex),
  )
  const [first] = earlier
  const inputs = () => [
    { name: 'samples', value: earlier.length, unit: 'count', asOfMs },
    { name: 'first sample', value: first?.netGex ?? null, unit: UNIT, asOfMs: first?.asOfMs ?? null },
    { name: 'net gamma exposure', value: net, unit: UNIT, asOfMs },
  ]
  if (first === undefined || asOfMs - first.asOfMs < LEAST_SPAN_MS)
    return missing(view, 'under a minute of history', { flags: ['INSUFFICIENT_HISTORY'], inputs })
  const perMs = linearTrend(
    [...earlier.map((sample) => sample.asOfMs), asOfMs],
    [...earlier.map((sample) => sample.netGex), net],
  )
  return measured(view, perMs * MINUTE_MS, null, { inputs })
}

const TO_ADV: Metric<number> = {
  id: 'gammaPulse.netGexToAdv',
  title: 'Net gamma exposure beside traded value',
  unit: '% of the average daily value traded',
  method: 'gex.to_adv@1',
  usesSignModel: true,
  meaning: 'How large the hedging of a 1 % move would be beside what the underlying trades in a day.',
  formula: '100 · net gamma exposure / average daily value traded',
  source: 'this project',
  measure: (view) => {
    const { averageDailyValue = null, analytics } = view
    if (averageDailyValue === null || !(averageDailyValue > 0))
      return missing(view, 'the average daily value traded is not known')
    const reason = whyNoExposure(view)
    if (reason !== null) return missing(view, reason)
    const read = ({ exposure }: ChainAnalytics) =>
      exposure.local.net === null ? null : (100 * exposure.local.net) / averageDailyValue
    return measured(view, read(analytics), null, {
      pick: read,
      inputs: () => [
        { name: 'average daily value traded', value: averageDailyValue, unit: 'currency', asOfMs: null },
      ],
    })
  },
}

export const GAMMA_PULSE: readonly Metric[] = [...TOTAL_METRICS, GROSS, PER_MINUTE, TO_ADV]
