/**
 * A metric is one figure of the product: what it means, how it is computed and from what. Its one pure function returns
 * the value together with everything a reader needs before using it.
 */
import type { Band } from '../uncertainty/band.ts'
import type { Evidence } from './evidence.ts'
import type { FamilyId } from './familyIds.ts'
import type { MetricFlag } from './flags.ts'
import type { MarketView } from './marketView.ts'

export interface Measurement<V = unknown> {
  /** JSON-ready; null exactly when `reason` says why. */
  readonly value: V | null
  readonly reason: string | null
  /** Where the inputs decide it; null where it is the metric's own. */
  readonly method: string | null
  readonly flags: readonly MetricFlag[]
  /** 0 to 100, see `quality.ts`. */
  readonly quality: number
  /**
   * Where the value, or the headline among its figures that a note of the evidence names, lies given what its inputs leave
   * open; null when not asked for, or not a number.
   */
  readonly band: Band | null
  /** Market time of what it was computed from. */
  readonly asOfMs: number
  /** Made when asked for: it can be as long as the chain. */
  readonly evidence: () => Evidence
}

export interface Metric<V = unknown> {
  /** `family.name`, e.g. `gammaPulse.netGex`. */
  readonly id: `${FamilyId}.${string}`
  readonly title: string
  /** The word `currency` stands for the chain's own. */
  readonly unit: string
  /** `name@version`; a change of the formula is a new version. */
  readonly method: string
  /** Whether the dealer-sign model decides the value. */
  readonly usesSignModel: boolean
  /** What it tells a reader, in a sentence or two. */
  readonly meaning: string
  readonly formula: string
  /** Where the definition comes from. */
  readonly source: string
  readonly measure: (view: MarketView) => Measurement<V>
}
