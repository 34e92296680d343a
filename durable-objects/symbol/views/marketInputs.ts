/** A symbol's book and figures as metrics read them. */
import type { GammaFrame } from '#schemas/frame/gamma'
import { dateFromWire } from '#schemas/ingest/build'
import type { CalendarId } from '#quant/calendar/exchangeCalendars'
import { sessionDateAt, sessionOn } from '#quant/calendar/sessions'
import type { Rejection } from '#quant/metrics/evidence'
import type { MarketInputs, SessionSpan } from '#quant/metrics/marketView'
import type { VolatilityStructure } from '#quant/volatility/volatilityStructure'
import type { SymbolFigures } from '../analytics/symbolAnalytics.ts'
import type { ChainBook } from '../book/chainBook.ts'
import type { LiveState } from '../state.ts'
import { finiteOrNull } from './restViews.ts'

/** Null without a price of the underlying: then there is no figure to speak of. */
export function marketInputs(
  { book, timeline }: LiveState,
  { engine, layout, analytics }: SymbolFigures,
  frame: GammaFrame,
  volatility: () => VolatilityStructure,
): MarketInputs | null {
  if (analytics === null) return null
  const bookRows = rowsOfChain(layout.bookRows, engine.chain.rowOf)
  const { quoteMs } = book.columns
  return {
    engine,
    analytics,
    volatility,
    currency: frame.currency,
    flags: frame.quality.flags,
    isStale: frame.quality.freshness === 'stale',
    session: sessionAt(layout.terms?.calendar ?? 'XNYS', engine.asOfMs),
    contractName: (row) => book.contract[bookRows[row] as number] ?? '',
    quoteMs: Float64Array.from(bookRows, (row) => quoteMs[row] as number),
    spotMs: finiteOrNull(book.underlying.eventMs),
    openInterestDate: openInterestDate(book, bookRows),
    rejected: rejections(book, layout.excluded),
    withBands: false,
    prints: book.flow.rates,
    history: { samples: timeline.samples(), dailyBars: [], dailyAtmVols: [] },
  }
}

/** Book row of each row of the engine's chain. */
function rowsOfChain(bookRows: Int32Array, rowOf: Int32Array): Int32Array {
  const rows = new Int32Array(bookRows.length)
  for (let i = 0; i < bookRows.length; i++) rows[rowOf[i] as number] = bookRows[i] as number
  return rows
}

function sessionAt(calendar: CalendarId, asOfMs: number): SessionSpan | null {
  const date = sessionDateAt(calendar, asOfMs)
  const session = date === null ? null : sessionOn(calendar, date)
  if (session?.status !== 'open') return null
  return { openMs: session.openMs, closeMs: session.underlyingCloseMs }
}

/** The one trade date all open interest is for; null when there is none, or several. */
function openInterestDate({ columns }: ChainBook, rows: Int32Array): string | null {
  const dates = new Set<number>()
  for (const row of rows)
    if (!Number.isNaN(columns.openInterest[row])) dates.add(columns.openInterestDate[row] as number)
  const [date] = dates
  return date === undefined || dates.size > 1 ? null : dateFromWire(date)
}

function rejections(book: ChainBook, excluded: number): Rejection[] {
  return [
    { reason: 'contracts whose terms cannot be valued', count: excluded },
    { reason: 'ticks older than what is held', count: book.lateTicks },
    { reason: 'ticks with a value that cannot be true', count: book.flaggedTicks },
  ].filter(({ count }) => count > 0)
}
