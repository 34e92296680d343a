import type { ChainAnalytics } from '../analytics.ts'
import { sigmaRemaining, type SigmaRemaining } from '../levels/sigmaRemaining.ts'
import type { MarketView } from './marketView.ts'
import { measured, missing } from './measurement.ts'
import type { Metric } from './metric.ts'

/** A price whose distance from spot is of interest; null when there is none, for `reason`. */
export interface Level {
  readonly price: number | null
  readonly reason: string | null | undefined
}

export interface DistanceTo extends Pick<Metric, 'id' | 'method' | 'source' | 'usesSignModel'> {
  /** What the distance is to, e.g. `the call wall`. */
  readonly of: string
  readonly level: (view: MarketView) => Level
  /** The same level read off another analysis of the chain. */
  readonly pick?: (analytics: ChainAnalytics) => number | null
  /** By default what is left of the session. */
  readonly sigma?: (view: MarketView) => SigmaRemaining
  /** What `sigma` is, where it is not the default. */
  readonly sigmaFormula?: string
}

/** How far a level is from spot, three ways: in currency (`id`), in percent (`idPct`), in standard deviations (`idSigmas`). */
export function distanceMetrics(to: DistanceTo): Metric<number>[] {
  const { id, of, method, source, usesSignModel } = to
  const common = { method, source, usesSignModel }
  const sigmaFormula =
    to.sigmaFormula ?? 'σ = ATM volatility of the front expiry · √(time to the close, in years)'
  return [
    {
      ...common,
      id,
      title: `Distance to ${of}`,
      unit: 'currency',
      meaning: `How far spot is from ${of}. Positive: the level is above spot.`,
      formula: 'level − S',
      measure: (view) => distanceFrom(view, to, () => 1),
    },
    {
      ...common,
      id: `${id}Pct`,
      title: `Distance to ${of}, in percent`,
      unit: '% of spot',
      meaning: `How far spot is from ${of}, in percent of spot. Positive: the level is above spot.`,
      formula: '100·(level − S)/S',
      measure: (view) => distanceFrom(view, to, (spot) => 100 / spot),
    },
    {
      ...common,
      id: `${id}Sigmas`,
      title: `Distance to ${of}, in standard deviations`,
      unit: 'standard deviations of the move left',
      meaning: `How far spot is from ${of}, measured by the move that option prices leave room for. Beyond 2 is far.`,
      formula: `(level − S)/(S·σ); ${sigmaFormula}`,
      measure: (view) => inSigmas(view, to),
    },
  ]
}

function inSigmas(view: MarketView, to: DistanceTo) {
  const { price, reason } = to.level(view)
  const left = to.sigma?.(view) ?? sigmaRemaining(view.engine, view.session?.closeMs ?? null)
  const { sigma } = left
  if (price === null || sigma === null)
    return missing<number>(view, (price === null ? reason : left.reason) ?? 'no level')
  return distanceFrom(view, to, (spot) => 1 / (spot * sigma), sigma)
}

/** `perUnit` is of the spot: one in another analysis may differ. */
function distanceFrom(
  view: MarketView,
  { level, pick }: DistanceTo,
  perUnit: (spot: number) => number,
  sigma?: number,
) {
  const { spot } = view.engine
  const { price, reason } = level(view)
  const distance = price === null ? null : (price - spot) * perUnit(spot)
  const inputs = [
    { name: 'level', value: price, unit: 'currency', asOfMs: view.engine.asOfMs },
    ...(sigma === undefined
      ? []
      : [{ name: 'σ', value: sigma, unit: 'share of spot', asOfMs: view.engine.asOfMs }]),
  ]
  return measured(view, distance, reason, {
    inputs: () => inputs,
    ...(pick === undefined ? {} : { pick: (analytics) => distanceIn(analytics, pick, perUnit) }),
  })
}

function distanceIn(
  analytics: ChainAnalytics,
  pick: (analytics: ChainAnalytics) => number | null,
  perUnit: (spot: number) => number,
): number | null {
  const price = pick(analytics)
  return price === null ? null : (price - analytics.spot) * perUnit(analytics.spot)
}
