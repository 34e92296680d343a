import type { SideColumns } from '../../../exposure/columnSums.ts'
import type { MarketView } from '../../marketView.ts'
import { measured, missing } from '../../measurement.ts'
import type { Measurement, Metric } from '../../metric.ts'
import { whyNoExposure } from '../../whyNoExposure.ts'
import { columnContributions, expiryName, figuresOf, strikeName } from './figures.ts'
import { KIND_TEXTS, type MetricKind } from './kinds.ts'

/** Columns of equal length, ascending; places without any exposure are left out. */
type ByStrike = { readonly strike: readonly number[] } & NetColumns
/** The settlement instant of each expiry, UTC ms. */
type ByExpiry = { readonly expiryMs: readonly number[] } & NetColumns

interface NetColumns {
  readonly call: readonly number[]
  readonly put: readonly number[]
  readonly net: readonly number[]
}

export function byStrikeMetric(kind: MetricKind): Metric<ByStrike> {
  const { title, unit, method, meaning, term, source } = KIND_TEXTS[kind]
  return {
    id: `exposure.${kind}ByStrike`,
    title: `${title} by strike`,
    unit,
    method,
    usesSignModel: true,
    meaning: `${meaning} One entry per strike, all expiries together; the entries add up to the total.`,
    formula: `Σ s·${term} over the contracts of each strike`,
    source,
    measure: (view) =>
      measureColumns(view, kind, 'byStrike', strikeName, ({ places, ...columns }) => ({
        strike: places.map((k) => view.engine.chain.strikes[k] as number),
        ...columns,
      })),
  }
}

export function byExpiryMetric(kind: MetricKind): Metric<ByExpiry> {
  const { title, unit, method, meaning, term, source } = KIND_TEXTS[kind]
  return {
    id: `exposure.${kind}ByExpiry`,
    title: `${title} by expiry`,
    unit,
    method,
    usesSignModel: true,
    meaning: `${meaning} One entry per expiry, all strikes together; the entries add up to the total.`,
    formula: `Σ s·${term} over the contracts of each expiry`,
    source,
    measure: (view) =>
      measureColumns(view, kind, 'byExpiry', expiryName, ({ places, ...columns }) => ({
        expiryMs: places.map((e) => view.engine.chain.expiryMs[e] as number),
        ...columns,
      })),
  }
}

function measureColumns<V>(
  view: MarketView,
  kind: MetricKind,
  along: 'byStrike' | 'byExpiry',
  namesOf: (view: MarketView) => (index: number) => string,
  valueOf: (columns: NetColumns & { readonly places: readonly number[] }) => V,
): Measurement<V> {
  const reason = whyNoExposure(view)
  if (reason !== null) return missing(view, reason)
  const figures = figuresOf(view, kind, 'openInterest')
  if (figures === null) return missing(view, 'no contract has a volatility')
  const sums = figures[along]
  return measured(view, valueOf(netColumns(sums)), null, {
    notes: figures.notes,
    contributions: () => columnContributions(KIND_TEXTS[kind].unit, sums, namesOf(view)),
  })
}

function netColumns({ call, put }: SideColumns): NetColumns & { readonly places: readonly number[] } {
  const places = Array.from(call.keys()).filter((i) => call[i] !== 0 || put[i] !== 0)
  const calls = places.map((i) => call[i] as number)
  const puts = places.map((i) => put[i] as number)
  return { places, call: calls, put: puts, net: calls.map((amount, at) => amount + (puts[at] as number)) }
}
