/** Prints: session volume, last price, and what they say of customers' buying and selling. */
import type { IngestBatch } from '#schemas/ingest/batch'
import { termOptions } from '#quant/analytics/termOptions'
import { rootSpec } from '#quant/contracts/rootMaster'
import { conditionPolicy, volumeChange } from '#quant/flow/conditions'
import { addPrint, type Print, type PrintEffect, type PrintGreeks } from '#quant/flow/flowState'
import { isFlagged, NO_ROW, ROW_FLAGS, rootOf, rowOfTick, type ChainBook } from './chainBook.ts'
import { advanceClock } from './marketClock.ts'
import { quoteAtPrint, type ReplacedQuotes } from './quotesAtPrints.ts'
import { addFlow, addVolume, openRowSession } from './sessionCounts.ts'
import { isInCurrentSession } from './sessionDates.ts'
import { isEventTime, isPrice } from './values.ts'

/** Greeks of a book row as of the last valuation; null when it was not valued. */
export type GreeksOfRow = (row: number) => PrintGreeks | null

export interface PrintContext {
  readonly replaced: ReplacedQuotes
  readonly greeksOfRow: GreeksOfRow
  /** Event times beyond this are damaged. */
  readonly latestMs: number
}

export function applyTrades(book: ChainBook, trades: IngestBatch['trades'], context: PrintContext): void {
  for (let i = 0; i < trades.count; i++) {
    const row = rowOfTick(book, trades.contractId[i] as number)
    if (row === NO_ROW) continue
    const price = trades.price[i] as number
    const sentMs = trades.eventMs[i] as number
    const conditionCode = trades.conditionCode[i] as number
    const timed = isEventTime(sentMs, context.latestMs)
    if (!timed || !isPrice(price)) book.flaggedTicks += 1
    // A print counts even when its time is damaged: it happened, so it belongs to the session in progress.
    const eventMs = timed ? sentMs : (book.asOfMs ?? Number.NaN)
    if (!openRowSession(book, row, eventMs)) continue
    if (timed) advanceClock(book, eventMs)
    const size = trades.size[i] as number
    const policy = conditionPolicy(conditionCode)
    addVolume(book, row, volumeChange(policy, size), eventMs)
    const print = { price, size, eventMs: timed ? eventMs : Number.NaN, conditionCode }
    // A straggler of an earlier session stays out of the flow of today.
    if (isInCurrentSession(book, row)) addFlow(book, row, flowOf(book, row, print, context))
    if (timed && isPrice(price) && !policy.cancels) keepLast(book, row, price, eventMs)
  }
}

function keepLast(book: ChainBook, row: number, price: number, eventMs: number): void {
  const { last, lastMs, flags } = book.columns
  if (eventMs < (lastMs[row] as number) && !isFlagged(book, row, ROW_FLAGS.carriedLast)) return
  last[row] = price
  lastMs[row] = eventMs
  flags[row] = (flags[row] as number) & ~ROW_FLAGS.carriedLast
}

type BookPrint = Pick<Print, 'price' | 'size' | 'eventMs' | 'conditionCode'>

function flowOf(
  book: ChainBook,
  row: number,
  print: BookPrint,
  { replaced, greeksOfRow }: PrintContext,
): PrintEffect {
  const contract = book.contract[row] as string
  const multiplier = book.columns.multiplier[row] as number
  return addPrint(
    book.flow,
    book.columns.volumeDate[row] as number,
    { ...print, contract, multiplier },
    quoteAtPrint(book, replaced, row, print.eventMs),
    termOptions(rootSpec(rootOf(book, row))).priceIncrement,
    greeksOfRow(row),
  )
}
