/** A symbol's book and figures as metrics read them. */
import type { GammaFrame } from '#schemas/frame/gamma'
import { dateFromWire } from '#schemas/ingest/build'
import type { CalendarId } from '#quant/calendar/exchangeCalendars'
import { sessionDateAt, sessionOn } from '#quant/calendar/sessions'
import type { Chain } from '#quant/chain/chain'
import type { Rejection } from '#quant/metrics/evidence'
import type { MarketInputs, SessionSpan } from '#quant/metrics/marketView'
import type { SymbolFigures } from '../analytics/symbolAnalytics.ts'
import type { ChainBook } from '../book/chainBook.ts'
import { sessionDateOf } from '../book/sessionDates.ts'
import { finiteOrNull } from './restViews.ts'

/** What the caller adds from elsewhere than the book. */
export type Surroundings = Pick<MarketInputs, 'history' | 'withBands' | 'volatility'>

/** Null without a price of the underlying: then there is no figure to speak of. */
export function marketInputs(
  book: ChainBook,
  { engine, layout, analytics }: SymbolFigures,
  frame: GammaFrame,
  surroundings: Surroundings,
): MarketInputs | null {
  if (analytics === null) return null
  const bookRows = rowsOfChain(layout.bookRows, engine.chain)
  const { quoteMs, previousOpenInterest } = book.columns
  return {
    engine,
    asOfMs: frame.asOfMs,
    analytics,
    currency: frame.currency,
    flags: frame.quality.flags,
    isStale: frame.quality.freshness === 'stale',
    session: sessionAt(layout.terms?.calendar ?? 'XNYS', engine.asOfMs),
    contractName: (row) => book.contract[bookRows[row] as number] ?? '',
    quoteMs: Float64Array.from(bookRows, (row) => quoteMs[row] as number),
    spotMs: finiteOrNull(book.underlying.eventMs),
    openInterestDate: openInterestDate(book, bookRows),
    previousOpenInterest: Float64Array.from(bookRows, (row) => previousOpenInterest[row] as number),
    prints: book.flow.rates,
    rejected: rejections(book, layout.excluded),
    ...surroundings,
  }
}

/** yyyymmdd of the session the newest tick belongs to; 0 outside the calendar. */
export function sessionDateOfMarket({ asOfMs }: ChainBook, { layout }: SymbolFigures): number {
  return asOfMs === null ? 0 : sessionDateOf(layout.terms?.calendar ?? 'XNYS', asOfMs)
}

/** Book row of each row of the engine's chain, which leaves out what it refused. */
function rowsOfChain(bookRows: Int32Array, { count, rowOf }: Chain): Int32Array {
  const rows = new Int32Array(count)
  bookRows.forEach((bookRow, i) => {
    const row = rowOf[i] as number
    if (row >= 0) rows[row] = bookRow
  })
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
