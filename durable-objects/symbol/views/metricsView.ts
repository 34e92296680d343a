/** REST answers about metrics: families of them, and what one rests on. */
import type { GammaFrame } from '#schemas/frame/gamma'
import type { Explanation, MetricFamily, MetricReading, Metrics } from '#schemas/rest/metrics'
import { familyOf, measureMetrics, type MetricReading as Reading } from '#quant/metrics/evaluate'
import { explainMetric } from '#quant/metrics/explain'
import { marketView, type MarketView } from '#quant/metrics/marketView'
import { METRICS } from '#quant/metrics/registry'
import type { LiveState } from '../state.ts'
import type { Published } from './liveFrame.ts'
import { marketInputs } from './marketInputs.ts'
import { isoInstant, metaOf } from './restViews.ts'
import type { VolatilityCache } from './volatilityCache.ts'

/** The market of the newest frame; what its metrics share is computed once, whoever asks first. */
export class MetricsView {
  readonly #state: LiveState
  readonly #structures: VolatilityCache
  #newest: { readonly frame: GammaFrame; readonly view: MarketView } | null = null

  constructor(state: LiveState, structures: VolatilityCache) {
    this.#state = state
    this.#structures = structures
  }

  /** Without a price of the underlying there are no families. `published` must be the newest. */
  read(published: Published, families: readonly MetricFamily[]): Metrics {
    const view = this.#view(published)
    const metrics = METRICS.filter((metric) => families.includes(familyOf(metric)))
    const data: Metrics['data'] = {}
    if (view === null) return { data, meta: metaOf(published.frame) }
    for (const [family, readings] of Object.entries(measureMetrics(view, metrics)))
      data[family as MetricFamily] = Object.fromEntries(
        Object.entries(readings).map(([name, reading]) => [name, answerOf(reading)]),
      )
    return { data, meta: metaOf(published.frame) }
  }

  /** Null without a price of the underlying, or when there is no such metric. */
  explain(published: Published, id: string): Explanation | null {
    const view = this.#view(published)
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
      meta: metaOf(published.frame),
    }
  }

  #view({ frame, figures }: Published): MarketView | null {
    if (this.#newest?.frame !== frame) {
      const inputs = marketInputs(this.#state, figures, frame, () => this.#structures.read(figures))
      this.#newest = inputs && { frame, view: marketView(inputs) }
    }
    return this.#newest?.view ?? null
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
    band: band && { ...band, sources: [...band.sources] },
    asOf: isoInstant(asOfMs),
    reason,
  }
}
