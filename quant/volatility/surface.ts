import type { SmileFit } from './fitSmile.ts'
import type { ExpirySmile } from './smileInputs.ts'
import { sliceAtTenor, type NoTenorReason, type TenorSlice } from './tenorSlice.ts'

/** `moneyness`: strike over forward. `deviations`: ln(K/F) over σ_ATM·√T, the same tail at every tenor. */
export type SurfaceAxis = 'moneyness' | 'deviations'

export type NoCellReason = NoTenorReason | 'strike_not_quoted'

/** Rows are tenors, columns positions on the axis. A null cell has its reason at the same place in `reasons`. */
export interface VolSurface {
  readonly axis: SurfaceAxis
  readonly at: readonly number[]
  /** Calendar days. */
  readonly tenorDays: readonly number[]
  /** Annualised. */
  readonly vol: readonly (readonly (number | null)[])[]
  readonly reasons: readonly (readonly (NoCellReason | null)[])[]
}

export const SURFACE_TENORS_DAYS = [7, 14, 30, 60, 90, 180, 365] as const
/** 80 % to 120 % of forward in steps of 2.5 %. */
export const SURFACE_MONEYNESS: readonly number[] = Array.from({ length: 17 }, (_, i) => (32 + i) / 40)

/**
 * Volatility on a grid, interpolated in total variance along time (`sliceAtTenor`). Cells outside the strikes quoted at
 * both neighbouring expiries, or the tenors listed, are null: a surface does not show what nobody quotes.
 */
export function volSurface(
  fits: readonly SmileFit[],
  axis: SurfaceAxis = 'moneyness',
  at: readonly number[] = SURFACE_MONEYNESS,
  tenorDays: readonly number[] = SURFACE_TENORS_DAYS,
): VolSurface {
  const vol: (number | null)[][] = []
  const reasons: (NoCellReason | null)[][] = []
  for (const days of tenorDays) {
    const found = sliceAtTenor(fits, days)
    const row = at.map((position) => (found.ok ? cell(found.slice, axis, position) : null))
    vol.push(row)
    reasons.push(row.map((value) => (value !== null ? null : found.ok ? 'strike_not_quoted' : found.reason)))
  }
  return { axis, at: [...at], tenorDays: [...tenorDays], vol, reasons }
}

function cell(slice: TenorSlice, axis: SurfaceAxis, position: number): number | null {
  const k = axis === 'moneyness' ? Math.log(position) : position * slice.atmVol * Math.sqrt(slice.years)
  if (k < slice.kMin || k > slice.kMax) return null
  return Math.sqrt(slice.at(k).w / slice.years)
}

/** The quotes behind a surface, as columns of equal length. */
export interface RawVolPoints {
  readonly expiryMs: number[]
  readonly strike: number[]
  /** ln(K/F). */
  readonly k: number[]
  readonly vol: number[]
  readonly bidVol: (number | null)[]
  readonly askVol: (number | null)[]
}

export function rawVolPoints(smiles: readonly ExpirySmile[]): RawVolPoints {
  const columns: RawVolPoints = { expiryMs: [], strike: [], k: [], vol: [], bidVol: [], askVol: [] }
  for (const { expiryMs, rows } of smiles) {
    for (const { strike, k, vol, bidVol, askVol } of rows) {
      columns.expiryMs.push(expiryMs)
      columns.strike.push(strike)
      columns.k.push(k)
      columns.vol.push(vol)
      columns.bidVol.push(bidVol)
      columns.askVol.push(askVol)
    }
  }
  return columns
}
