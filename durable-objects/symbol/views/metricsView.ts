/** REST answers about metrics: families of them, and what one rests on. */
import type { GammaFrame } from '#schemas/frame/gamma'
import type { Explanation, MetricFamily, MetricReading, Metrics } from '#schemas/rest/metrics'
import { familyOf, measureMetrics, type MetricReading as Reading } from '#quant/metrics/evaluate'
import { explainMetric } from '#quant/metrics/explain'
import type { MarketView } from '#quant/metrics/marketView'
import { METRICS } from '#quant/metrics/registry'
import { isoInstant, metaOf } from './restViews.ts'

/** Without a price of the underlying there are no families. */
export function metricsAnswer(
  frame: GammaFrame,
  view: MarketView | null,
  families: readonly MetricFamily[],
): Metrics {
  const data: Metrics['data'] = {}
  if (view === null) return { data, meta: metaOf(frame) }
  const metrics = METRICS.filter((metric) => families.includes(familyOf(metric)))
  for (const [family, readings] of Object.entries(measureMetrics(view, metrics)))
    data[family as MetricFamily] = Object.fromEntries(
      Object.entries(readings).map(([name, reading]) => [name, answerOf(reading)]),
    )
  return { data, meta: metaOf(frame) }
}

/** Null without a price of the underlying, or when there is no such metric. */
export function explanationAnswer(
  frame: GammaFrame,
  view: MarketView | null,
  id: string,
): Explanation | null {
  const explained = view && explainMetric(view, id)
  if (explained === null) return null
  const { evidence, title, meaning, formula, source } = explained
  const { inputs, contributions, rejected, notes } = evidence
  return {
    data: {
      id: explained.id,
      title,
      meaning,
      formula,
      source,
      ...answerOf(explained),
      inputs: inputs.map(({ asOfMs, ...input }) => ({
        ...input,
        asOf: asOfMs === null ? null : isoInstant(asOfMs),
      })),
      contributions: contributions && {
        ...contributions,
        items: contributions.items.map((item) => ({ ...item, inputs: { ...item.inputs } })),
      },
      rejected: [...rejected],
      notes: [...notes],
    },
    meta: metaOf(frame),
  }
}

function answerOf({
  value,
  unit,
  method,
  model,
  quality,
  flags,
  band,
  asOfMs,
  reason,
}: Reading): MetricReading {
  return {
    value,
    unit,
    method,
    model,
    quality,
    flags: [...flags],
    band: band && { ...band, sources: [...band.sources], missing: [...band.missing] },
    asOf: isoInstant(asOfMs),
    reason,
  }
}
