import { readingOf, unitIn, type MetricReading } from './evaluate.ts'
import type { Evidence } from './evidence.ts'
import type { MarketView } from './marketView.ts'
import type { Metric } from './metric.ts'
import { metricOf } from './registry.ts'

/** One figure with its definition and everything it rests on, JSON-ready. */
export interface Explanation extends MetricReading {
  readonly id: Metric['id']
  readonly title: string
  readonly meaning: string
  readonly formula: string
  readonly source: string
  readonly evidence: Evidence
}

/** Null when there is no such metric. */
export function explainMetric(view: MarketView, id: string): Explanation | null {
  const metric = metricOf(id)
  if (metric === null) return null
  const { title, meaning, formula, source, measure } = metric
  const measurement = measure(view)
  return {
    id: metric.id,
    title,
    meaning,
    formula,
    source,
    ...readingOf(view, metric, measurement),
    evidence: inCurrency(measurement.evidence(), view.currency),
  }
}

function inCurrency({ inputs, contributions, ...rest }: Evidence, currency: string): Evidence {
  return {
    ...rest,
    inputs: inputs.map((input) => ({ ...input, unit: unitIn(input.unit, currency) })),
    contributions: contributions && { ...contributions, unit: unitIn(contributions.unit, currency) },
  }
}
