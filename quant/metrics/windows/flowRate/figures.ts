import type { FlowRate } from '../../../flow/flowRate.ts'
import { measured } from '../../measurement.ts'
import type { Metric } from '../../metric.ts'
import { FLOW_METHOD, FLOW_SOURCE, flowBasis } from './basis.ts'

const RATE_UNIT = 'million currency of the underlying per minute'
const DELTA_FLOW = 'F = Σ (2p − 1)·Δ·size·M·S of prints, each counted e^(−age/5 min), over 5 minutes'
const WITHOUT_TAPE = 'Without prints it is predicted from gamma exposure and spot’s own move, and flagged.'

interface Figure<V> {
  readonly name: string
  readonly title: string
  readonly unit: string
  readonly meaning: string
  readonly formula: string
  readonly read: (flow: FlowRate) => V | null
  /** Why it is null although there is a flow: nobody's prints are known. */
  readonly whyNotPredicted?: string
}

const DIRECTION: Figure<string> = {
  name: 'direction',
  title: 'Direction of flow',
  unit: 'buying, selling or neutral',
  meaning: `Whether customers are buying or selling the underlying by way of options. ${WITHOUT_TAPE} Then it is the direction of hedging.`,
  formula: `sign of ${DELTA_FLOW}; neutral when |F| is under a tenth of Σ|Δ|·size·M·S`,
  read: ({ direction }) => direction,
}

const MAGNITUDE: Figure<number> = {
  name: 'magnitude',
  title: 'Speed of flow',
  unit: RATE_UNIT,
  meaning: `How much of the underlying the flow of the last five minutes is worth per minute, whichever way. ${WITHOUT_TAPE}`,
  formula: `|F|/5, ${DELTA_FLOW}; predicted: |−GEX·100·ΔS/S| per minute`,
  read: ({ magnitudeMillionPerMin }) => magnitudeMillionPerMin,
}

const HEDGE: Figure<number> = {
  name: 'impliedDealerHedge',
  title: 'Hedging the flow implies',
  unit: RATE_UNIT,
  meaning: `What whoever took the other side would buy (positive) or sell of the underlying to hedge, if all of it is hedged at once. ${WITHOUT_TAPE}`,
  formula: `+F/5, ${DELTA_FLOW}; predicted: −GEX·100·ΔS/S per minute`,
  read: ({ impliedDealerHedgeMillionPerMin }) => impliedDealerHedgeMillionPerMin,
}

const TYPE: Figure<string> = {
  name: 'flowType',
  title: 'Kind of flow',
  unit: 'directional, volatility, two_way or quiet',
  meaning:
    'Directional: net delta is a large part of all delta traded. Volatility: net vega is, while delta cancels. Two-way: neither. Quiet: hardly any prints.',
  formula: '|Σ signed Δ| / Σ|Δ| > 0.3, else |Σ signed vega| / Σ|vega| > 0.3; quiet under 3 prints',
  read: ({ flowType }) => flowType,
  whyNotPredicted: 'predicted hedging has no kind',
}

const COVERAGE: Figure<number> = {
  name: 'coverage',
  title: 'Share of prints with a side',
  unit: 'share of contracts printed',
  meaning:
    'How much of the last minutes’ volume has a known side and greeks. The rest does not enter any flow.',
  formula: 'contracts with side and greeks / contracts, each counted e^(−age/5 min)',
  read: ({ coverage }) => coverage,
  whyNotPredicted: 'no prints',
}

const BASIS: Figure<string> = {
  name: 'basis',
  title: 'What flow is measured by',
  unit: 'prints or predicted',
  meaning:
    'Prints: trades with a side. Predicted: there is no usable tape, and hedging is inferred from open interest.',
  formula: 'prints when any of the last minutes has a side and greeks',
  read: ({ basis }) => basis,
}

export const FLOW_FIGURES: readonly Metric[] = [
  ...[DIRECTION, TYPE, BASIS].map((figure) => flowMetric(figure)),
  ...[MAGNITUDE, HEDGE, COVERAGE].map((figure) => flowMetric(figure)),
]

function flowMetric<V>({ name, title, unit, meaning, formula, read, whyNotPredicted }: Figure<V>): Metric<V> {
  return {
    id: `flowRate.${name}`,
    title,
    unit,
    method: FLOW_METHOD,
    usesSignModel: false,
    meaning,
    formula,
    source: FLOW_SOURCE,
    measure: (view) => {
      const { flow } = view
      const reason = flow.basis === 'predicted' ? whyNotPredicted : flow.reason
      return measured(view, read(flow), reason, flowBasis(view))
    },
  }
}
