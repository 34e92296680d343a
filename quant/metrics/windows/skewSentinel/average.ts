import { METHODS } from '../../../volatility/volatilityStructure.ts'
import { measured } from '../../measurement.ts'
import type { Metric } from '../../metric.ts'
import { everySmileBasis } from '../../smileBasis.ts'
import { inWords } from '../../volatilityReasons.ts'

export const AVERAGE_SKEW: Metric<number> = {
  id: 'skewSentinel.avgIvSkew',
  title: 'Average skew',
  unit: 'vol points',
  method: METHODS.averageSkew,
  usesSignModel: false,
  meaning:
    'One number for the skew of the whole chain: how much more volatility puts carry than calls equally far out. It moves with the set of listed expiries; 25-delta skew at a constant maturity does not.',
  formula: 'Σ vega·(IV put − IV call) / Σ vega over all expiries and |Δ| = 0.1, 0.2, 0.3, 0.4',
  source: 'this project, after the average skew of dealer-gamma dashboards',
  measure: (view) => {
    const { averageSkewVolPts, pairs, reason } = view.volatility.averageSkew
    return measured(view, averageSkewVolPts, inWords(reason), {
      ...everySmileBasis(view),
      inputs: () => [
        { name: 'pairs of equal delta', value: pairs, unit: 'count', asOfMs: view.volatility.asOfMs },
      ],
    })
  },
}
