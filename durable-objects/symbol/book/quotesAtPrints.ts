/**
 * The quote a print is judged by is the one of its own instant. A batch holds at most the newest quote of its window for a
 * contract, and quotes are applied before prints, so what a quote replaces is kept for the contracts the batch prints.
 *
 * The limit of this: quotes between two windows of the bridge (100 ms) are conflated away, so a print can be judged by a
 * quote up to a window older than the best bid and offer it met. Which quotes those are depends on when the bridge sealed.
 */
import type { IngestBatch } from '#schemas/ingest/batch'
import type { QuoteAtPrint } from '#quant/flow/aggressor'
import { rowOfTick, type ChainBook } from './chainBook.ts'

/** By row of each contract the batch prints, oldest first. */
export type ReplacedQuotes = ReadonlyMap<number, QuoteAtPrint[]>

/** To be filled while quotes are applied. */
export function quotesToKeep(book: ChainBook, trades: IngestBatch['trades']): ReplacedQuotes {
  return new Map(Array.from(trades.contractId, (id) => [rowOfTick(book, id), []]))
}

/** Keeps the row's quote, which is about to be replaced. */
export function keepReplaced({ columns }: ChainBook, replaced: ReplacedQuotes, row: number): void {
  replaced.get(row)?.push(heldQuote(columns, row))
}

/** The newest known quote at or before `eventMs`; without one, the held quote, which is then too new. */
export function quoteAtPrint(
  { columns }: ChainBook,
  replaced: ReplacedQuotes,
  row: number,
  eventMs: number,
): QuoteAtPrint {
  const held = heldQuote(columns, row)
  if (held.quoteMs <= eventMs) return held
  return replaced.get(row)?.findLast(({ quoteMs }) => quoteMs <= eventMs) ?? held
}

function heldQuote({ bid, ask, quoteMs }: ChainBook['columns'], row: number): QuoteAtPrint {
  return { bid: bid[row] as number, ask: ask[row] as number, quoteMs: quoteMs[row] as number }
}
