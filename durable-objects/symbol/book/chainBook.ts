/**
 * Everything a symbol's object knows about its market: one row per contract in arrival order, in typed columns.
 *
 * A row belongs to a contract (its OSI symbol), not to a vendor's id, so a new bridge life with new ids finds the
 * same rows. Missing prices are NaN here and null outside. Only what `applyBatch.ts` and `epoch.ts` call changes a book.
 */
import { emptySection, type Section } from '#schemas/binary/columns'
import type { FeedKind } from '#schemas/feed'
import type { CalendarId } from '#quant/calendar/exchangeCalendars'
import { rootSpec } from '#quant/contracts/rootMaster'
import { emptyFlow, type FlowState } from '#quant/flow/flowState'

/** Columns of a row, in checkpoint order. */
export const BOOK_COLUMNS = {
  rootIndex: 'u16',
  /** Listed expiry, yyyymmdd. */
  expiryDate: 'u32',
  strike: 'f64',
  isCall: 'u8',
  multiplier: 'f64',
  bid: 'f64',
  ask: 'f64',
  bidSize: 'u32',
  askSize: 'u32',
  /** Event time of the quote; NaN when the next quote supersedes it whatever its time. */
  quoteMs: 'f64',
  /** Index into MISSING_REASONS. */
  missing: 'u8',
  /** Newest print, NaN without one. */
  last: 'f64',
  lastMs: 'f64',
  /** Contracts traded in the session `volumeDate` (yyyymmdd, 0 before the first). */
  volume: 'f64',
  volumeMs: 'f64',
  volumeDate: 'u32',
  openInterest: 'f64',
  /** Trade date the open interest is for, yyyymmdd. */
  openInterestDate: 'u32',
  /** Bits of ROW_FLAGS. */
  flags: 'u8',
  /** Customers' purchases less sales in the session `volumeDate`, as expected; NaN while no print has a known side. */
  signedFlow: 'f64',
  /** Contracts of the same session whose side is not known. */
  unclassifiedFlow: 'f64',
  /** The figure that `openInterest` replaced when a later trade date's came; NaN without one. */
  previousOpenInterest: 'f64',
} as const
export type BookColumns = Section<typeof BOOK_COLUMNS>

export const ROW_FLAGS = {
  /** Defined in the current epoch; rows that are not stay out of every figure. */
  listed: 1,
  /** The volume, open interest or last print is from an earlier epoch: the next one replaces it whatever its time. */
  carriedVolume: 2,
  carriedOpenInterest: 4,
  carriedLast: 8,
} as const

/** In `rowOfId`: the contract settled long ago and its row is gone. */
export const NO_ROW = -1

export interface UnderlyingQuote {
  price: number | null
  bid: number | null
  ask: number | null
  /** NaN when the next tick supersedes it whatever its time. */
  eventMs: number
}

export interface ChainBook {
  /** Who fills it and with what; empty before the first batch. */
  source: string
  feed: FeedKind
  /** Scope of the ids in `rowOfId`. */
  epoch: number
  count: number
  /** Capacity is `columns.count`; rows from `count` on are unused. */
  columns: BookColumns
  /** OSI symbol without padding, by row. */
  contract: string[]
  roots: string[]
  /** Calendar of each root, by root index. */
  calendars: CalendarId[]
  rowOfContract: Map<string, number>
  rowOfId: Map<number, number>
  underlying: UnderlyingQuote
  /** What the prints of the session say, all contracts together. */
  flow: FlowState
  /** Market time of the newest tick. */
  asOfMs: number | null
  /** The first tick of an epoch sets `asOfMs` even when it is earlier: a replay's clock may start over. */
  clockRestarted: boolean
  /** When the newest batch was sealed or received, whichever is earlier. */
  lastSeenMs: number
  /** Rises with every applied batch. */
  version: number
  /** Rises when the set of listed contracts changes. */
  layoutVersion: number
  /** Ticks ignored because a newer one is held, and ticks with values that cannot be true. */
  lateTicks: number
  flaggedTicks: number
}

export function emptyBook(): ChainBook {
  return {
    source: '',
    feed: 'recorded',
    epoch: 0,
    count: 0,
    columns: emptySection(BOOK_COLUMNS, 256),
    contract: [],
    roots: [],
    calendars: [],
    rowOfContract: new Map(),
    rowOfId: new Map(),
    underlying: { price: null, bid: null, ask: null, eventMs: Number.NaN },
    flow: emptyFlow(),
    asOfMs: null,
    clockRestarted: false,
    lastSeenMs: 0,
    version: 0,
    layoutVersion: 0,
    lateTicks: 0,
    flaggedTicks: 0,
  }
}

export function isListed(book: ChainBook, row: number): boolean {
  return isFlagged(book, row, ROW_FLAGS.listed)
}

export function isFlagged(book: ChainBook, row: number, flag: number): boolean {
  return ((book.columns.flags[row] as number) & flag) !== 0
}

/** Row of a tick's contract. */
export function rowOfTick(book: ChainBook, id: number): number {
  return book.rowOfId.get(id) ?? NO_ROW
}

export function rootOf(book: ChainBook, row: number): string {
  return book.roots[book.columns.rootIndex[row] as number] as string
}

/** Index of a root in `book.roots`, added when new. */
export function internRoot(book: ChainBook, root: string): number {
  const held = book.roots.indexOf(root)
  if (held >= 0) return held
  book.calendars.push(rootSpec(root).calendar)
  return book.roots.push(root) - 1
}

/** A new row for `contract`, listed, everything else unknown. */
export function addRow(book: ChainBook, contract: string): number {
  if (book.count === book.columns.count) growColumns(book)
  const row = book.count
  book.count += 1
  book.contract.push(contract)
  book.rowOfContract.set(contract, row)
  const { bid, ask, quoteMs, last, lastMs, volumeMs, openInterest, signedFlow, previousOpenInterest } =
    book.columns
  const unknown = [bid, ask, quoteMs, last, lastMs, volumeMs, openInterest, signedFlow, previousOpenInterest]
  for (const column of unknown) {
    column[row] = Number.NaN
  }
  book.columns.flags[row] = ROW_FLAGS.listed
  return row
}

function growColumns(book: ChainBook): void {
  const grown = emptySection(BOOK_COLUMNS, book.columns.count * 2)
  for (const column of Object.keys(BOOK_COLUMNS) as (keyof typeof BOOK_COLUMNS)[]) {
    grown[column].set(book.columns[column])
  }
  book.columns = grown
}
