/**
 * Applies a validated batch to the book, in wire order: definitions, quotes, trades, open interest, session volume,
 * underlying. Cannot fail. A value that cannot be true (not finite, negative, absurd) never enters a figure: the
 * side is recorded as missing, or the tick is passed over, and it is counted.
 */
import type { IngestBatch } from '#schemas/ingest/batch'
import { MISSING_REASONS } from '#schemas/tick'
import { applyTrades, type GreeksOfRow } from './applyTrades.ts'
import { internRoot, isFlagged, NO_ROW, ROW_FLAGS, rowOfTick, type ChainBook } from './chainBook.ts'
import { beginEpoch, rowFor } from './epoch.ts'
import { advanceClock } from './marketClock.ts'
import { keepReplaced, quotesToKeep, type ReplacedQuotes } from './quotesAtPrints.ts'
import { openRowSession } from './sessionCounts.ts'
import { isCount, isEventTime, isPrice, latestEventMs } from './values.ts'
import type { ValidBatch } from './validateBatch.ts'

export interface Applied {
  /** Ticks with a value that was not taken as sent. */
  readonly flagged: number
  /** Ticks older than what is held. */
  readonly late: number
}

const INVALID = MISSING_REASONS.indexOf('invalid')
const NO_BID = MISSING_REASONS.indexOf('no_bid')
const NO_ASK = MISSING_REASONS.indexOf('no_ask')

/** Changes `book` in place. `receivedMs` is our clock; it decides nothing but `lastSeenMs`. */
export function applyBatch(
  book: ChainBook,
  { batch, startsEpoch, contracts }: ValidBatch,
  receivedMs: number,
  greeksOfRow: GreeksOfRow,
): Applied {
  if (startsEpoch) beginEpoch(book, batch)
  const flaggedBefore = book.flaggedTicks
  const lateBefore = book.lateTicks
  const latestMs = latestEventMs(batch)
  defineContracts(book, batch, contracts)
  const replaced = quotesToKeep(book, batch.trades)
  applyQuotes(book, batch.quotes, latestMs, replaced)
  applyTrades(book, batch.trades, { replaced, greeksOfRow, latestMs })
  applyOpenInterest(book, batch.openInterest)
  applySessionVolume(book, batch.sessionVolume, latestMs)
  applyUnderlying(book, batch.underlying, latestMs)
  book.lastSeenMs = Math.max(book.lastSeenMs, Math.min(batch.createdMs, receivedMs))
  book.version += 1
  return { flagged: book.flaggedTicks - flaggedBefore, late: book.lateTicks - lateBefore }
}

function defineContracts(book: ChainBook, batch: IngestBatch, contracts: readonly string[]): void {
  const { contracts: section } = batch
  const rootIndexes = batch.roots.map((root) => internRoot(book, root))
  contracts.forEach((contract, i) => {
    const row = rowFor(book, contract)
    const { columns } = book
    const multiplier = section.multiplier[i] as number
    // Part of the layout: the engine keeps its own copy.
    if (columns.multiplier[row] !== multiplier) book.layoutVersion += 1
    columns.rootIndex[row] = rootIndexes[section.rootIndex[i] as number] as number
    columns.expiryDate[row] = section.expiryDate[i] as number
    columns.strike[row] = section.strike[i] as number
    columns.isCall[row] = section.isCall[i] as number
    columns.multiplier[row] = multiplier
    book.rowOfId.set(section.contractId[i] as number, row)
  })
}

function applyQuotes(
  book: ChainBook,
  quotes: IngestBatch['quotes'],
  latestMs: number,
  replaced: ReplacedQuotes,
): void {
  const { bid, ask, bidSize, askSize, quoteMs, missing } = book.columns
  for (let i = 0; i < quotes.count; i++) {
    const row = rowOfTick(book, quotes.contractId[i] as number)
    if (row === NO_ROW) continue
    const eventMs = quotes.eventMs[i] as number
    if (!isEventTime(eventMs, latestMs)) {
      book.flaggedTicks += 1
      continue
    }
    if (eventMs < (quoteMs[row] as number)) {
      book.lateTicks += 1
      continue
    }
    keepReplaced(book, replaced, row)
    const sentBid = quotes.bid[i] as number
    const sentAsk = quotes.ask[i] as number
    const reason = quotes.missing[i] as number
    const newBid = isPrice(sentBid) ? sentBid : Number.NaN
    const newAsk = isPrice(sentAsk) ? sentAsk : Number.NaN
    bid[row] = newBid
    ask[row] = newAsk
    bidSize[row] = quotes.bidSize[i] as number
    askSize[row] = quotes.askSize[i] as number
    quoteMs[row] = eventMs
    const unexplained = !isSide(sentBid, reason) || !isSide(sentAsk, reason)
    missing[row] = unexplained ? INVALID : missingReason(sentBid, sentAsk, reason)
    // Crossed and locked markets are kept as sent; the engine prices neither.
    if (unexplained || newBid >= newAsk) book.flaggedTicks += 1
    advanceClock(book, eventMs)
  }
}

/** A price, an honest zero (nobody there), or a NaN that came with a reason. */
function isSide(value: number, reason: number): boolean {
  return isPrice(value) || value === 0 || (Number.isNaN(value) && reason !== 0)
}

function missingReason(sentBid: number, sentAsk: number, reason: number): number {
  if (reason !== 0) return reason
  if (sentBid === 0) return NO_BID
  return sentAsk === 0 ? NO_ASK : 0
}

function applyOpenInterest(book: ChainBook, section: IngestBatch['openInterest']): void {
  const { openInterest, openInterestDate, previousOpenInterest, flags } = book.columns
  for (let i = 0; i < section.count; i++) {
    const row = rowOfTick(book, section.contractId[i] as number)
    if (row === NO_ROW) continue
    const value = section.openInterest[i] as number
    const date = section.tradeDate[i] as number
    if (!isCount(value)) {
      book.flaggedTicks += 1
    } else if (
      date < (openInterestDate[row] as number) &&
      !isFlagged(book, row, ROW_FLAGS.carriedOpenInterest)
    ) {
      book.lateTicks += 1
    } else {
      if (date > (openInterestDate[row] as number)) previousOpenInterest[row] = openInterest[row] as number
      openInterest[row] = value
      openInterestDate[row] = date
      flags[row] = (flags[row] as number) & ~ROW_FLAGS.carriedOpenInterest
    }
  }
}

function applySessionVolume(book: ChainBook, section: IngestBatch['sessionVolume'], latestMs: number): void {
  const { volume, volumeMs } = book.columns
  for (let i = 0; i < section.count; i++) {
    const row = rowOfTick(book, section.contractId[i] as number)
    if (row === NO_ROW) continue
    const value = section.volume[i] as number
    const eventMs = section.eventMs[i] as number
    if (!isCount(value) || !isEventTime(eventMs, latestMs)) {
      book.flaggedTicks += 1
      continue
    }
    if (!openRowSession(book, row, eventMs)) continue
    if (eventMs < (volumeMs[row] as number)) {
      book.lateTicks += 1
      continue
    }
    volume[row] = value
    volumeMs[row] = eventMs
    advanceClock(book, eventMs)
  }
}

function applyUnderlying(book: ChainBook, section: IngestBatch['underlying'], latestMs: number): void {
  for (let i = 0; i < section.count; i++) {
    const price = section.price[i] as number
    const eventMs = section.eventMs[i] as number
    if (!isPrice(price) || !isEventTime(eventMs, latestMs)) {
      book.flaggedTicks += 1
    } else if (eventMs < book.underlying.eventMs) {
      book.lateTicks += 1
    } else {
      book.underlying = {
        price,
        bid: priceOrNull(section.bid[i] as number),
        ask: priceOrNull(section.ask[i] as number),
        eventMs,
      }
      advanceClock(book, eventMs)
    }
  }
}

function priceOrNull(value: number): number | null {
  return isPrice(value) ? value : null
}
