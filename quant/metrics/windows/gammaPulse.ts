/** GammaPulse: the totals of dealer gamma, where they lie around spot, and how fast they change. */
import type { ChainAnalytics } from '../../analytics.ts'
import { METHODS } from '../../analytics/chainAnalytics.ts'
import { exposureByRow, exposureContributions } from '../rowExposures.ts'
import type { Side } from '../../exposure/exposureTable.ts'
import type { MarketView } from '../marketView.ts'
import { measured } from '../measurement.ts'
import type { Metric } from '../metric.ts'

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
}

const TOTALS: readonly Total[] = [
  {
    name: 'totalCallGex',
    title: 'Call gamma exposure',
    meaning: 'What dealers trade in the underlying per +1 % of spot because of the calls.',
    formula: 'Σ calls s·Γ·OI·M·S²·0.01',
    read: ({ exposure }) => exposure.local.call,
    side: 'call',
  },
  {
    name: 'netGex',
    title: 'Net gamma exposure',
    meaning: 'Calls and puts together. Positive: hedging trades against the move. Negative: with it.',
    formula: 'Σ s·Γ·OI·M·S²·0.01',
    read: ({ exposure }) => exposure.local.net,
  },
]

export const GAMMA_PULSE: readonly Metric[] = TOTALS.map((total): Metric<number> => ({
  id: `gammaPulse.${total.name}`,
  title: total.title,
  unit: UNIT,
  method: METHODS.gex,
  usesSignModel: true,
  meaning: total.meaning,
  formula: total.formula,
  source: SOURCE,
  measure: (view) => measureTotal(view, total),
}))

function measureTotal(view: MarketView, { read, side, aroundSpot }: Total) {
  return measured(view, read(view.analytics), view.analytics.reasons['exposure'], {
    pick: read,
    contributions: () =>
      exposureContributions(view, exposureByRow(view, 'gamma', { side, aroundSpot }), UNIT),
  })
}
