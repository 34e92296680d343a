/** The registry read at one instant: every metric with what a reader needs beside the number. */
import type { SignModelId } from '../exposure/signModel.ts'
import type { Band } from '../uncertainty/band.ts'
import { FAMILY_IDS, type FamilyId } from './familyIds.ts'
import type { MetricFlag } from './flags.ts'
import type { MarketView } from './marketView.ts'
import type { Measurement, Metric } from './metric.ts'
import { METRICS } from './registry.ts'

/** JSON-ready; `value` is null exactly when `reason` says why. */
export interface MetricReading {
  readonly value: unknown
  readonly unit: string
  readonly method: string
  /** The dealer-sign model behind the value, null where none enters. */
  readonly model: SignModelId | null
  /** 0 to 100. */
  readonly quality: number
  readonly flags: readonly MetricFlag[]
  readonly band: Band | null
  readonly asOfMs: number
  readonly reason: string | null
}

/** By family, in the order they are shown, then by the metric's name within its family. */
export type MetricReadings = Readonly<Partial<Record<FamilyId, Readonly<Record<string, MetricReading>>>>>

export function measureMetrics(view: MarketView, metrics: readonly Metric[] = METRICS): MetricReadings {
  const readings: Partial<Record<FamilyId, Record<string, MetricReading>>> = {}
  for (const family of FAMILY_IDS) {
    const members = metrics.filter((metric) => familyOf(metric) === family)
    if (members.length === 0) continue
    readings[family] = Object.fromEntries(
      members.map((metric) => [nameOf(metric), readingOf(view, metric, metric.measure(view))]),
    )
  }
  return readings
}

export function readingOf(
  { currency, engine }: MarketView,
  metric: Metric,
  { value, reason, method, flags, quality, band, asOfMs }: Measurement,
): MetricReading {
  return {
    value,
    unit: unitIn(metric.unit, currency),
    method: method ?? metric.method,
    model: metric.usesSignModel ? engine.options.signModel : null,
    quality,
    flags,
    band,
    asOfMs,
    reason,
  }
}

/** The word `currency` of a unit stands for the chain's own. */
export function unitIn(unit: string, currency: string): string {
  return unit.replaceAll(/\bcurrency\b/g, currency)
}

export function familyOf({ id }: Metric): FamilyId {
  return id.slice(0, id.indexOf('.')) as FamilyId
}

/** The id without its family. */
export function nameOf({ id }: Metric): string {
  return id.slice(id.indexOf('.') + 1)
}
