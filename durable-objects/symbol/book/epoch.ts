/** What a book keeps when its source begins a new epoch, and which rows it lets go. */
import type { BatchHeader } from '#schemas/ingest/batch'
import { dateFromWire } from '#schemas/ingest/build'
import { settlementInstantMs } from '#quant/contracts/settlement'
import {
  addRow,
  BOOK_COLUMNS,
  emptyBook,
  isListed,
  NO_ROW,
  ROW_FLAGS,
  rootOf,
  type ChainBook,
} from './chainBook.ts'

/** Settled rows stay this long, so that the last prints of a session remain readable the same evening. */
const KEEP_SETTLED_MS = 24 * 3_600_000

/**
 * Numbers of two sources, or of two runs of a recording, must not mix: such a book starts empty. Otherwise volume,
 * flow, last print and open interest continue, ids start over, and a contract counts again once it is defined again.
 */
export function startsEmpty(book: ChainBook, header: Pick<BatchHeader, 'source' | 'feed'>): boolean {
  return header.source !== book.source || header.feed !== book.feed || header.feed === 'recorded'
}

/** Changes `book` in place. */
export function beginEpoch(book: ChainBook, header: BatchHeader): void {
  const { version, layoutVersion, lateTicks, flaggedTicks } = book
  if (startsEmpty(book, header)) Object.assign(book, emptyBook(), { lateTicks, flaggedTicks })
  const { flags } = book.columns
  for (let row = 0; row < book.count; row++) {
    flags[row] = (flags[row] as number) & ~ROW_FLAGS.listed
  }
  book.rowOfId.clear()
  book.source = header.source
  book.feed = header.feed
  book.epoch = header.epoch
  book.underlying.eventMs = Number.NaN
  book.clockRestarted = true
  book.flow.rates.clockRestarted = true
  book.version = version + 1
  book.layoutVersion = layoutVersion + 1
}

/**
 * The new life of the bridge sends every quote afresh, so a quote of the life before is no longer evidence; prints
 * and open interest are facts and stay.
 */
function listRow(book: ChainBook, row: number): void {
  if (isListed(book, row)) return
  const { bid, ask, bidSize, askSize, quoteMs, missing, flags } = book.columns
  for (const column of [bid, ask, quoteMs]) column[row] = Number.NaN
  bidSize[row] = 0
  askSize[row] = 0
  missing[row] = 0
  const { listed, carriedVolume, carriedOpenInterest, carriedLast } = ROW_FLAGS
  flags[row] = listed | carriedVolume | carriedOpenInterest | carriedLast
  book.layoutVersion += 1
}

/** True for a contract that settled more than a day of market time ago. */
export function isLongSettled(book: ChainBook, row: number): boolean {
  if (book.asOfMs === null) return false
  const expiryDate = dateFromWire(book.columns.expiryDate[row] as number)
  const settlement = settlementInstantMs({ root: rootOf(book, row), expiryDate })
  return settlement.ok && settlement.expiryMs + KEEP_SETTLED_MS < book.asOfMs
}

/**
 * Drops rows that settled long ago; without this a bridge that lives for months would run into the contract limit.
 * Their ids stay known, so that a straggler does not refuse its whole batch. Returns the number of rows dropped.
 */
export function dropSettledRows(book: ChainBook): number {
  const keep: number[] = []
  for (let row = 0; row < book.count; row++) {
    if (!isLongSettled(book, row)) keep.push(row)
  }
  const dropped = book.count - keep.length
  if (dropped === 0) return 0

  const newRow = new Map(keep.map((row, i) => [row, i]))
  for (const name of Object.keys(BOOK_COLUMNS) as (keyof typeof BOOK_COLUMNS)[]) {
    const column = book.columns[name]
    keep.forEach((row, i) => {
      column[i] = column[row] as number
    })
    column.fill(0, keep.length, book.count)
  }
  const contracts = keep.map((row) => book.contract[row] as string)
  book.count = 0
  book.contract = []
  book.rowOfContract.clear()
  for (const contract of contracts) {
    book.contract.push(contract)
    book.rowOfContract.set(contract, book.count)
    book.count += 1
  }
  for (const [id, row] of book.rowOfId) book.rowOfId.set(id, newRow.get(row) ?? NO_ROW)
  book.layoutVersion += 1
  book.version += 1
  return dropped
}

/** Row of a contract, listed in the current epoch from here on. */
export function rowFor(book: ChainBook, contract: string): number {
  const held = book.rowOfContract.get(contract)
  if (held !== undefined) {
    listRow(book, held)
    return held
  }
  book.layoutVersion += 1
  return addRow(book, contract)
}
