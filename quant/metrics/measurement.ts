import type { ChainAnalytics } from '../analytics.ts'
import type { Contributions, Evidence, EvidenceInput } from './evidence.ts'
import type { MetricFlag } from './flags.ts'
import type { MarketView } from './marketView.ts'
import type { Measurement } from './metric.ts'
import { qualityScore } from './quality.ts'

export interface Basis {
  /** Besides those of the view. */
  readonly flags?: readonly MetricFlag[]
  /** Share of the inputs that could be used, 0 to 1; by default the share of open interest that is priced. */
  readonly coverage?: number | null
  readonly asOfMs?: number
  readonly method?: string
  /** The same figure read off another analysis of the chain, for the band. */
  readonly pick?: ((analytics: ChainAnalytics) => number | null) | undefined
  /** What the band is around when the value is not a number itself. */
  readonly headline?: { readonly name: string; readonly value: number }
  readonly inputs?: () => readonly EvidenceInput[]
  readonly contributions?: () => Contributions | null
  readonly notes?: readonly string[]
}

/** A value with what it rests on. A value that is null, or a number that is not finite, leaves as null with the reason. */
export function measured<V>(
  view: MarketView,
  value: V | null,
  reason: string | null | undefined,
  basis: Basis = {},
): Measurement<V> {
  const isMissing = value === null || (typeof value === 'number' && !Number.isFinite(value))
  const flags = [...new Set([...view.flags, ...(basis.flags ?? [])])]
  const coverage = basis.coverage === undefined ? view.analytics.coverage.openInterestPriced : basis.coverage
  const banded = typeof value === 'number' ? value : basis.headline?.value
  const { pick } = basis
  return {
    value: isMissing ? null : value,
    reason: isMissing ? (reason ?? 'not computable') : null,
    method: basis.method ?? null,
    flags,
    quality: isMissing ? 0 : qualityScore(coverage, flags),
    band: isMissing || banded === undefined || pick === undefined ? null : view.bandAround(banded, pick),
    asOfMs: basis.asOfMs ?? view.asOfMs,
    evidence: () => evidenceOf(view, basis),
  }
}

export function missing<V>(view: MarketView, reason: string, basis: Basis = {}): Measurement<V> {
  return measured<V>(view, null, reason, basis)
}

function evidenceOf(view: MarketView, { inputs, contributions, notes = [], headline }: Basis): Evidence {
  const { engine, spotMs } = view
  return {
    inputs: [
      {
        name: 'spot',
        value: Number.isFinite(engine.spot) ? engine.spot : null,
        unit: 'currency',
        asOfMs: spotMs,
      },
      { name: 'open interest', value: view.openInterestDate, unit: 'trade date', asOfMs: null },
      ...(inputs?.() ?? []),
    ],
    contributions: contributions?.() ?? null,
    rejected: view.rejected,
    notes: headline === undefined ? notes : [...notes, `the band is around ${headline.name}`],
  }
}
