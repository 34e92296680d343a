import type { ExposureTotals } from '../analytics/chainAnalytics.ts'
import { expiriesToday, measureAll, type Engine } from '../analytics/engine.ts'
import { whyUnpriced } from '../analytics/unpriced.ts'
import { higherGreeks } from '../kernel/higherGreeks.ts'
import { columnsAroundSpot, sidesOfColumns, sumColumn, type ColumnSums } from './columnSums.ts'
import type { Sides } from './exposureTable.ts'
import { HIGHER_KINDS, type HigherKind } from './higherKinds.ts'

/** One kind under the engine's sign model. */
export interface HigherFigures extends ColumnSums {
  readonly totals: ExposureTotals
  /** What settles on the exchange's date of today; null when nothing does. */
  readonly zeroDte: Sides | null
}

export type HigherByKind = Readonly<Record<HigherKind, HigherFigures>>

export type HigherExposures =
  | {
      readonly ok: true
      readonly openInterest: HigherByKind
      /** Weighted by the session's volume. */
      readonly volume: HigherByKind
      readonly note: string | null
    }
  | { readonly ok: false; readonly reason: string }

const AMERICAN_NOTE =
  'European greeks at the volatility freed of early exercise; a contract past its exercise boundary counts 0'

const ONE_PERCENT = 0.01
const PER_DAY = 1 / 365

/** Volga, speed, zomma, colour and rho of a repriced engine, in the units of `higherKinds.ts`. */
export function higherExposures(engine: Engine): HigherExposures {
  const reason = whyUnpriced(engine)
  if (reason !== null) return { ok: false, reason }
  if (!engine.isMeasured) measureAll(engine)
  const { measure, premiums } = engine
  const greeks = perContract(engine)
  const of = (signed: Float64Array): HigherByKind => {
    const byKind = {} as Record<HigherKind, HigherFigures>
    for (const kind of HIGHER_KINDS) byKind[kind] = figures(engine, kind, greeks[kind], signed)
    return byKind
  }
  return {
    ok: true,
    openInterest: of(measure.openInterest.positions.signed),
    volume: of(measure.volume.positions.signed),
    note: premiums === null ? null : AMERICAN_NOTE,
  }
}

/** Per unit of underlying; NaN where a row has no greeks, 0 where it is exercised. */
function perContract({ chain, spot, premiums }: Engine): Record<HigherKind, Float64Array> {
  const greeks = higherGreeks(chain, spot)
  if (premiums !== null)
    for (let row = 0; row < chain.count; row++)
      if (premiums.gammaRatio[row] === 0) for (const greek of Object.values(greeks)) greek[row] = 0
  return { ...greeks, rho: chain.rho }
}

/** What one unit of the greek is in the kind's currency. */
function unitOf(kind: HigherKind, spot: number): number {
  switch (kind) {
    case 'volga':
      return ONE_PERCENT ** 2
    case 'speed':
      return spot ** 3 * ONE_PERCENT ** 2
    case 'zomma':
      return spot ** 2 * ONE_PERCENT ** 2
    case 'colour':
      return spot ** 2 * ONE_PERCENT * PER_DAY
    case 'rho':
      return ONE_PERCENT
  }
}

function figures(engine: Engine, kind: HigherKind, greek: Float64Array, signed: Float64Array): HigherFigures {
  const { chain, spot, sections } = engine
  const sums = sumColumn(chain, greek, signed, unitOf(kind, spot))
  const today = expiriesToday(engine)
  const from = sections.frontExpiry
  return {
    ...sums,
    totals: { ...sidesOfColumns(sums.byExpiry), ...columnsAroundSpot(sums.byStrike, chain.strikes, spot) },
    zeroDte: today === 0 ? null : sidesOfColumns(sums.byExpiry, from, from + today),
  }
}
