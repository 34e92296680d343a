import type { Sides } from '../../../exposure/exposureTable.ts'
import type { MarketView } from '../../marketView.ts'
import { measured, missing } from '../../measurement.ts'
import type { Measurement, Metric } from '../../metric.ts'
import { whyNoExposure } from '../../whyNoExposure.ts'
import {
  columnContributions,
  expiryName,
  figuresOf,
  isHigher,
  netContributions,
  type Weighting,
} from './figures.ts'
import { KIND_TEXTS, type MetricKind } from './kinds.ts'

/** Calls, puts and both together under the dealer-sign model; a strike at spot counts half above and half below. */
interface TotalValue extends Sides {
  readonly aboveSpot: number
  readonly belowSpot: number
}

export function totalMetric(kind: MetricKind): Metric<TotalValue> {
  const { title, unit, method, meaning, term, source } = KIND_TEXTS[kind]
  return {
    id: `exposure.${kind}`,
    title,
    unit,
    method,
    usesSignModel: true,
    meaning: `${meaning} Calls, puts, both, and the net of strikes above and below spot.`,
    formula: `Σ s·${term}`,
    source,
    measure: (view) => measureTotal(view, kind, 'openInterest'),
  }
}

export function byVolumeMetric(kind: MetricKind): Metric<TotalValue> {
  const { title, unit, method, meaning, term, source } = KIND_TEXTS[kind]
  return {
    id: `exposure.${kind}ByVolume`,
    title: `${title} by volume`,
    unit,
    method,
    usesSignModel: true,
    meaning: `${meaning} Weighted by what has traded this session instead of by open interest.`,
    formula: `Σ s·${term.replace('OI', 'volume')}`,
    source,
    measure: (view) => measureTotal(view, kind, 'volume'),
  }
}

/** What settles on the exchange's date of today. */
export function zeroDteMetric(kind: MetricKind): Metric<Sides> {
  const { title, unit, method, meaning, term, source } = KIND_TEXTS[kind]
  return {
    id: `exposure.${kind}ZeroDte`,
    title: `${title}, settling today`,
    unit,
    method,
    usesSignModel: true,
    meaning: `${meaning} Only contracts that settle on the exchange’s date of today.`,
    formula: `Σ s·${term} over contracts that settle today`,
    source,
    measure: (view) => measureZeroDte(view, kind),
  }
}

function measureTotal(view: MarketView, kind: MetricKind, weighting: Weighting): Measurement<TotalValue> {
  const reason = whyNoExposure(view, weighting)
  if (reason !== null) return missing(view, reason)
  const figures = figuresOf(view, kind, weighting)
  if (figures === null) return missing(view, 'no contract has a volatility')
  return measured(view, figures.totals, null, {
    notes: figures.notes,
    headline: { name: 'net', value: figures.totals.net },
    pick: isHigher(kind) ? undefined : (analytics) => analytics.exposures?.[weighting][kind].net ?? null,
    contributions: () => netContributions(view, kind, weighting, KIND_TEXTS[kind].unit, figures),
  })
}

function measureZeroDte(view: MarketView, kind: MetricKind): Measurement<Sides> {
  const reason = whyNoExposure(view)
  if (reason !== null) return missing(view, reason)
  const figures = figuresOf(view, kind, 'openInterest')
  if (figures === null || figures.zeroDte === null)
    return missing(view, view.analytics.reasons['zeroDte'] ?? 'nothing settles today')
  const { byExpiry, zeroDte, notes } = figures
  const today = (column: Float64Array) => column.map((amount, e) => (isToday(view, e) ? amount : 0))
  const columns = { call: today(byExpiry.call), put: today(byExpiry.put) }
  return measured(view, zeroDte, null, {
    notes,
    headline: { name: 'net', value: zeroDte.net },
    pick: isHigher(kind) ? undefined : (analytics) => analytics.zeroDte?.openInterest[kind].net ?? null,
    contributions: () => columnContributions(KIND_TEXTS[kind].unit, columns, expiryName(view)),
  })
}

function isToday({ engine, analytics }: MarketView, e: number): boolean {
  const after = e - engine.sections.frontExpiry
  return after >= 0 && after < (analytics.zeroDte?.expiries ?? 0)
}
