import type { ChainAnalytics } from '../analytics/chainAnalytics.ts'
import {
  SOURCE_METHODS,
  UNCERTAINTY_SOURCES,
  type MissingSource,
  type Scenarios,
  type UncertaintySource,
} from './scenarios.ts'

/** How far a figure goes when one kind of input changes; the figure itself is always inside. */
export interface BandSource {
  readonly source: UncertaintySource
  readonly low: number
  readonly high: number
  readonly method: string
  /** The figure ceases to exist in some of the scenarios, a flip that vanishes; low and high are over the others. */
  readonly vanishes: boolean
}

/**
 * Where a figure lies given how well its inputs are measured, in the figure's own unit. Not a confidence interval: no
 * probability is attached.
 */
export interface Band {
  readonly low: number
  readonly high: number
  readonly sources: readonly BandSource[]
  /** Sources the band leaves out, and why. */
  readonly missing: readonly MissingSource[]
}

/**
 * The band of `value`, which `pick` reads off each scenario's analysis (null where there is none).
 *
 * Quotes and open interest err independently of each other: their deviations to each side combine as the root of the sum
 * of squares. The sign model is an assumption and not an error of measurement; it is listed and not combined.
 */
export function bandOf(
  { scenarios, missing }: Scenarios,
  value: number,
  pick: (analytics: ChainAnalytics) => number | null,
): Band {
  const sources = UNCERTAINTY_SOURCES.flatMap((source): BandSource[] => {
    const picked = scenarios
      .filter((scenario) => scenario.source === source)
      .map(({ analytics }) => pick(analytics))
    const found = picked.filter((figure): figure is number => figure !== null && Number.isFinite(figure))
    const [low, high] = [Math.min(value, ...found), Math.max(value, ...found)]
    const vanishes = found.length < picked.length
    return picked.length === 0 ? [] : [{ source, low, high, method: SOURCE_METHODS[source], vanishes }]
  })
  const measured = sources.filter(({ source }) => source !== 'sign_model')
  return {
    low: value - Math.hypot(...measured.map(({ low }) => value - low)),
    high: value + Math.hypot(...measured.map(({ high }) => high - value)),
    sources,
    missing,
  }
}
