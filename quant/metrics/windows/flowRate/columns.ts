import type { FlowPerMinute } from '../../../flow/flowRate.ts'
import { measured } from '../../measurement.ts'
import type { Metric } from '../../metric.ts'
import { FLOW_METHOD, FLOW_SOURCE, flowBasis } from './basis.ts'

/** Columns of equal length: the horizon, and the flow per minute over it. */
interface FlowColumns {
  readonly minutes: readonly number[]
  readonly perMinute: readonly number[]
}

export const FLOW_COLUMNS: readonly Metric[] = [
  columnsMetric(
    'deltaFlow',
    'Delta flow',
    'currency of the underlying per minute',
    'The underlying that customers bought (positive) or sold by way of options.',
    'Δ·size·M·S',
    ({ deltaFlow }) => deltaFlow,
  ),
  columnsMetric(
    'gammaFlow',
    'Gamma flow',
    'currency per +1 % of spot, per minute',
    'The gamma that customers bought (positive) or sold: whoever took the other side hedges with the move by so much more.',
    'Γ·size·M·S²·0.01',
    ({ gammaFlow }) => gammaFlow,
  ),
  columnsMetric(
    'vegaFlow',
    'Vega flow',
    'currency per vol point, per minute',
    'The volatility that customers bought (positive) or sold.',
    'vega·size·M·0.01',
    ({ vegaFlow }) => vegaFlow,
  ),
]

function columnsMetric(
  name: string,
  title: string,
  unit: string,
  meaning: string,
  term: string,
  read: (flow: FlowPerMinute) => number,
): Metric<FlowColumns> {
  return {
    id: `flowRate.${name}`,
    title,
    unit,
    method: FLOW_METHOD,
    usesSignModel: false,
    meaning: `${meaning} Over about the last minute, five and fifteen. Prints only.`,
    formula: `Σ (2p − 1)·${term} of prints, each counted e^(−age/τ), over τ = 1, 5 and 15 minutes; p the probability that it was a purchase`,
    source: FLOW_SOURCE,
    measure: (view) => {
      const { flows, reason } = view.flow
      const value = flows && { minutes: flows.map(({ minutes }) => minutes), perMinute: flows.map(read) }
      return measured(view, value, reason, flowBasis(view))
    },
  }
}
