/** The session an instant belongs to, remembered per calendar because neighbouring ticks fall into the same one. */
import type { CalendarId } from '#quant/calendar/exchangeCalendars'
import { nextSession, sessionDateAt, sessionOn } from '#quant/calendar/sessions'
import { dateToWire } from '#schemas/ingest/build'
import type { ChainBook } from './chainBook.ts'

interface Span {
  readonly fromMs: number
  readonly toMs: number
  readonly date: number
}

const spans = new Map<CalendarId, Span>()

/** yyyymmdd of the last session that opened at or before `ms`; 0 outside the calendar. */
export function sessionDateOf(calendar: CalendarId, ms: number): number {
  const held = spans.get(calendar)
  if (held !== undefined && ms >= held.fromMs && ms < held.toMs) return held.date
  const date = sessionDateAt(calendar, ms)
  if (date === null) return 0
  const session = sessionOn(calendar, date)
  const next = nextSession(calendar, date)
  if (session.status !== 'open' || next === null) return dateToWire(date)
  spans.set(calendar, { fromMs: session.openMs, toMs: next.openMs, date: dateToWire(date) })
  return dateToWire(date)
}

/** Whether the row's counts are of the session of the newest tick; what it holds of an earlier one is history. */
export function isInCurrentSession(book: ChainBook, row: number): boolean {
  const { volumeDate, rootIndex } = book.columns
  const calendar = book.calendars[rootIndex[row] as number]
  if (book.asOfMs === null || calendar === undefined) return false
  return volumeDate[row] === sessionDateOf(calendar, book.asOfMs)
}

/** Contracts traded in the session of the newest tick: one that has not traded since stands at 0. */
export function sessionVolumeOf(book: ChainBook, row: number): number {
  return isInCurrentSession(book, row) ? (book.columns.volume[row] as number) : 0
}

/** Customers' purchases less sales in that session; NaN when no print of it has a known side. */
export function sessionFlowOf(book: ChainBook, row: number): number {
  return isInCurrentSession(book, row) ? (book.columns.signedFlow[row] as number) : Number.NaN
}
