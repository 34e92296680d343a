/** What `/ws/greeks` says of a chain: the contracts of the front expiry around spot, and the put-call ratio of all. */
import { dateFromWire } from '#schemas/ingest/build'
import type { GreeksUpdate, PcrUpdate } from '#schemas/stream/greeksUpdate'
import type { ChainBook } from '../../book/chainBook.ts'
import type { Published } from '../../views/liveFrame.ts'
import { finiteOrNull } from '../../views/restViews.ts'

const STRIKES_EACH_SIDE = 10
const DAYS_PER_YEAR = 365
/** The engine's vega and rho are per 1.00 of volatility and rate. */
const POINTS = 100

export function greeksRows(book: ChainBook, { frame, figures }: Published): GreeksUpdate[] {
  const { layout, engine, analytics } = figures
  const { frontExpiryMs, spotPrice } = frame
  if (analytics === null || frontExpiryMs === null || spotPrice === null) return []
  const isShown = strikesAround(
    layout.specs.filter(({ expiryMs }) => expiryMs === frontExpiryMs).map(({ strike }) => strike),
    spotPrice,
  )
  const rows: GreeksUpdate[] = []
  for (const [i, { expiryMs, strike, right }] of layout.specs.entries()) {
    if (expiryMs !== frontExpiryMs || !isShown.has(strike)) continue
    const bookRow = layout.bookRows[i] as number
    const { chain } = engine
    const chainRow = engine.chain.rowOf[i] as number
    const figure = (column: Float64Array, per = 1) => perUnit(column[chainRow], per)
    const data: GreeksUpdate['data'] = {
      instrumentKey: book.contract[bookRow] as string,
      symbol: frame.symbol,
      strike,
      optionType: right === 'call' ? 'CE' : 'PE',
      expiry: dateFromWire(book.columns.expiryDate[bookRow] as number),
      price: finiteOrNull(book.columns.last[bookRow]),
      oi: finiteOrNull(book.columns.openInterest[bookRow]),
      iv: figure(chain.vol),
      greeks: {
        delta: figure(chain.delta),
        gamma: figure(chain.gamma),
        theta: figure(chain.theta, DAYS_PER_YEAR),
        vega: figure(chain.vega, POINTS),
        rho: figure(chain.rho, POINTS),
      },
      timestamp: frame.asOfMs,
    }
    rows.push({ type: 'greeks_update', data })
  }
  return rows
}

export function pcrUpdate(book: ChainBook, { figures }: Published): PcrUpdate {
  const { specs, bookRows } = figures.layout
  let totalCeOi = 0
  let totalPeOi = 0
  for (const [i, { right }] of specs.entries()) {
    const openInterest = finiteOrNull(book.columns.openInterest[bookRows[i] as number]) ?? 0
    if (right === 'call') totalCeOi += openInterest
    else totalPeOi += openInterest
  }
  const pcr = totalCeOi > 0 ? totalPeOi / totalCeOi : null
  return { type: 'pcr_update', data: { pcr, totalCeOi, totalPeOi } }
}

/** The ten strikes below and above the one nearest to spot, and that one. */
function strikesAround(listed: readonly number[], spot: number): ReadonlySet<number> {
  const strikes = [...new Set(listed)].sort((a, b) => a - b)
  let nearest = 0
  for (const [i, strike] of strikes.entries()) {
    if (Math.abs(strike - spot) < Math.abs((strikes[nearest] as number) - spot)) nearest = i
  }
  return new Set(strikes.slice(Math.max(0, nearest - STRIKES_EACH_SIDE), nearest + STRIKES_EACH_SIDE + 1))
}

function perUnit(value: number | undefined, per: number): number | null {
  const finite = finiteOrNull(value)
  return finite === null ? null : finite / per
}
