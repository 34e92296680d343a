import { EXPOSURE_KINDS, type ExposureKind } from '../exposure/exposureKinds.ts'
import { aroundSpot, figure, sidesOf, type ExposureTable, type Sides } from '../exposure/exposureTable.ts'
import type {
  ExposureAnalytics,
  ExposureTotals,
  SideTotals,
  TotalsByKind,
  ZeroDteAnalytics,
} from './chainAnalytics.ts'
import { expiriesToday, type Engine } from './engine.ts'

const NO_SIDES: SideTotals = { call: null, put: null, net: null }

/** Gamma exposure of the whole chain; null throughout when nothing is priced. */
export function gammaTotals({ measure, chain, spot }: Engine, isPriced: boolean): ExposureAnalytics {
  const { table } = measure.openInterest
  const sides = (of: ExposureTable, kind: ExposureKind): SideTotals =>
    isPriced ? sidesOf(of, kind) : NO_SIDES
  const local = sides(table, 'gamma')
  const around = isPriced
    ? aroundSpot(table, 'gamma', chain.strikes, spot)
    : { aboveSpot: null, belowSpot: null }
  return {
    local,
    finite: sides(table, 'gammaFinite'),
    byVolume: sides(measure.volume.table, 'gamma'),
    gross: local.call === null || local.put === null ? null : Math.abs(local.call) + Math.abs(local.put),
    ...around,
  }
}

/** Every kind of exposure of the whole chain, by open interest and by session volume; null when nothing is priced. */
export function exposureTotals(
  { measure, chain, spot }: Engine,
  isPriced: boolean,
): { openInterest: TotalsByKind; volume: TotalsByKind } | null {
  if (!isPriced) return null
  const of = (table: ExposureTable): TotalsByKind =>
    byKind((kind): ExposureTotals => ({
      ...sidesOf(table, kind),
      ...aroundSpot(table, kind, chain.strikes, spot),
    }))
  return { openInterest: of(measure.openInterest.table), volume: of(measure.volume.table) }
}

/** What settles today, or null when nothing does. */
export function zeroDte(engine: Engine): ZeroDteAnalytics | null {
  const { measure, chain, sections } = engine
  const expiries = expiriesToday(engine)
  if (expiries === 0) return null
  const from = sections.frontExpiry
  const to = from + expiries
  const of = (table: ExposureTable): Record<ExposureKind, Sides> =>
    byKind((kind) => sidesOf(table, kind, from, to))
  const openInterest = of(measure.openInterest.table)
  const { call, put } = sidesOf(measure.openInterest.table, 'gammaMass')
  const { call: callToday, put: putToday } = openInterest.gammaMass
  return {
    expiries,
    contracts: (chain.expiryStart[to] as number) - (chain.expiryStart[from] as number),
    shareOfGamma: call + put > 0 ? (callToday + putToday) / (call + put) : null,
    openInterest,
    volume: of(measure.volume.table),
  }
}

/** Net exposure by live expiry, of every kind. */
export function netByKind({ byExpiry }: ExposureTable, e: number): Record<ExposureKind, number> {
  return byKind((kind) => figure(byExpiry, e, kind, 'call') + figure(byExpiry, e, kind, 'put'))
}

function byKind<T>(of: (kind: ExposureKind) => T): Record<ExposureKind, T> {
  const record = {} as Record<ExposureKind, T>
  for (const kind of EXPOSURE_KINDS) record[kind] = of(kind)
  return record
}
