import type { ChainBook } from './chainBook.ts'

/** The book's market time is that of its newest tick. */
export function advanceClock(book: ChainBook, eventMs: number): void {
  if (book.asOfMs === null || book.clockRestarted || eventMs > book.asOfMs) book.asOfMs = eventMs
  book.clockRestarted = false
}
