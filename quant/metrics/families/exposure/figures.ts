import type { ExposureTotals } from '../../../analytics/chainAnalytics.ts'
import type { SideColumns } from '../../../exposure/columnSums.ts'
import { column, type Sides } from '../../../exposure/exposureTable.ts'
import { HIGHER_KINDS, type HigherKind } from '../../../exposure/higherKinds.ts'
import { sumOf, type Contributions } from '../../evidence.ts'
import type { MarketView } from '../../marketView.ts'
import { exposureByRow, exposureContributions } from '../../rowExposures.ts'
import type { MetricKind } from './kinds.ts'

export type Weighting = 'openInterest' | 'volume'

/** One kind of exposure under the view's sign model, every way it is summed. */
export interface KindFigures {
  readonly totals: ExposureTotals
  readonly byStrike: SideColumns
  readonly byExpiry: SideColumns
  readonly zeroDte: Sides | null
  readonly notes: readonly string[]
}

/** Null when nothing is priced. */
export function figuresOf(view: MarketView, kind: MetricKind, weighting: Weighting): KindFigures | null {
  if (!isHigher(kind)) return coreFigures(view, kind, weighting)
  const { higher } = view
  if (!higher.ok) return null
  return { ...higher[weighting][kind], notes: higher.note === null ? [] : [higher.note] }
}

function coreFigures(
  { analytics, engine }: MarketView,
  kind: Exclude<MetricKind, HigherKind>,
  weighting: Weighting,
): KindFigures | null {
  const { table } = engine.measure[weighting]
  const totals = analytics.exposures?.[weighting][kind]
  if (totals === undefined) return null
  const sides = (sums: Float64Array): SideColumns => ({
    call: column(sums, kind, 'call'),
    put: column(sums, kind, 'put'),
  })
  return {
    totals,
    byStrike: sides(table.byStrike),
    byExpiry: sides(table.byExpiry),
    zeroDte: analytics.zeroDte?.[weighting][kind] ?? null,
    notes: [],
  }
}

/** What the net total is made of: contracts, or for the higher kinds, which are not kept by contract, strikes. */
export function netContributions(
  view: MarketView,
  kind: MetricKind,
  weighting: Weighting,
  unit: string,
  figures: KindFigures,
): Contributions {
  if (isHigher(kind)) return columnContributions(unit, figures.byStrike, strikeName(view))
  const { positions } = view.engine.measure[weighting]
  return exposureContributions(view, exposureByRow(view, kind, { positions }), unit, positions)
}

/** Strikes or expiries by how much each adds to the net. */
export function columnContributions(
  unit: string,
  { call, put }: SideColumns,
  nameOf: (index: number) => string,
): Contributions {
  const net = call.map((amount, i) => amount + (put[i] as number))
  const describe = (i: number) => ({
    name: nameOf(i),
    inputs: { call: call[i] as number, put: put[i] as number },
  })
  return sumOf(unit, net, describe)
}

export function strikeName({ engine }: MarketView): (index: number) => string {
  return (k) => String(engine.chain.strikes[k])
}

export function expiryName({ engine }: MarketView): (index: number) => string {
  return (e) => new Date(engine.chain.expiryMs[e] as number).toISOString()
}

export function isHigher(kind: MetricKind): kind is HigherKind {
  return HIGHER_KINDS.includes(kind as HigherKind)
}
