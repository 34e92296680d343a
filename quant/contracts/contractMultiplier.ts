import type { IsoDate } from '#quant/calendar/isoDate'
import { indiaLot } from './indiaLots.ts'
import type { RootSpec } from './rootMaster.ts'

export type Multiplier =
  | { readonly multiplier: number }
  | { readonly multiplier: null; readonly reason: 'adjusted_deliverable' | 'flex_terms' | 'lot_not_in_table' }

/**
 * Units of the underlying in one contract. For NSE index options this is the market lot in force for that expiry on
 * that trading date (both `YYYY-MM-DD`); open interest a broker reports in units rather than lots must not be
 * multiplied by it again.
 */
export function contractMultiplier(spec: RootSpec, expiryDate: IsoDate, tradeDate: IsoDate): Multiplier {
  if (spec.exclusion === 'adjusted') return { multiplier: null, reason: 'adjusted_deliverable' }
  if (spec.exclusion === 'flex') return { multiplier: null, reason: 'flex_terms' }
  if (spec.multiplier !== null) return { multiplier: spec.multiplier }
  const lot = indiaLot(spec.root, expiryDate, tradeDate)
  return lot === null ? { multiplier: null, reason: 'lot_not_in_table' } : { multiplier: lot }
}
