/** The option chain as pages of rows, ordered by settlement, strike, call before put, root. */
import { dateFromWire } from '#schemas/ingest/build'
import type { ChainRow } from '#schemas/rest/models'
import type { ChainDepth } from '#schemas/tiers'
import { VOL_STATUS, volStatusName } from '#quant/chain/volStatus'
import { settlementInstantMs } from '#quant/contracts/settlement'
import type { ChainLayout } from '../analytics/chainLayout.ts'
import type { SymbolFigures } from '../analytics/symbolAnalytics.ts'
import { isListed, rootOf, type ChainBook } from '../book/chainBook.ts'
import { sessionVolumeOf } from '../book/sessionDates.ts'
import type { ChainQuery } from '../contract.ts'
import { nearPart, type LeftOut, type NearPart, type Placed } from './chainDepth.ts'
import { finiteOrNull, isoInstant } from './restViews.ts'

export const MAX_PAGE_ROWS = 1_000
const DAYS_PER_YEAR = 365
const VOL_POINTS = 100

/** What pages are cut by. */
interface Listed extends Placed {
  /** In the whole chain. */
  readonly place: number
  readonly right: 'call' | 'put'
}

/** A contract's place in the chain, independent of quotes. */
interface Listing extends Listed {
  readonly bookRow: number
  /** Row in the engine's chain, −1 for a contract that is not valued. */
  readonly chainRow: number
  readonly contract: string
  /** Settlement instant (ISO); the listed date where the calendar knows no settlement. */
  readonly expiry: string
}

export interface Page {
  /** Of all pages together. */
  readonly total: number
  readonly rows: ChainRow[]
  readonly leftOut: LeftOut | null
  /** The contract this page ends with; null on the last. */
  readonly nextCursor: string | null
}

/** Pages of a book as it changes. */
export class ChainPages {
  #layout: ChainLayout | null = null
  #listings: readonly Listing[] = []
  #order: readonly string[] = []

  /** Of as much of the chain as `depth` says. A cursor that is no contract of the chain gives an empty page. */
  page(book: ChainBook, figures: SymbolFigures, query: ChainQuery, depth: ChainDepth | null): Page {
    if (this.#layout !== figures.layout) {
      this.#layout = figures.layout
      this.#listings = listingsOf(book, figures)
      this.#order = this.#listings.map(({ contract }) => contract)
    }
    const part = partOf(this.#listings, book, depth)
    return pageOf(this.#order, part, query, (listing) => rowOf(book, figures, listing))
  }
}

/** Pages of a book that stays as it is: its rows are made at once, and the book and its figures can be let go of. */
export function fixedPages(
  book: ChainBook,
  figures: SymbolFigures,
  depth: ChainDepth | null,
): (query: ChainQuery) => Page {
  const all = listingsOf(book, figures)
  const { listings, leftOut } = partOf(all, book, depth)
  const made = listings.map((listing) => {
    const { settlementDate, expiry, strike, place, right } = listing
    return { settlementDate, expiry, strike, place, right, row: rowOf(book, figures, listing) }
  })
  return pagesOfRows(
    all.map(({ contract }) => contract),
    { listings: made, leftOut },
  )
}

/** By itself, because a function keeps what its neighbours in one scope use: here that must not be the book. */
function pagesOfRows(
  order: readonly string[],
  part: NearPart<Listed & { readonly row: ChainRow }>,
): (query: ChainQuery) => Page {
  return (query) => pageOf(order, part, query, ({ row }) => row)
}

function partOf(
  listings: readonly Listing[],
  { underlying, asOfMs }: ChainBook,
  depth: ChainDepth | null,
): NearPart<Listing> {
  if (depth === null) return { listings, leftOut: null }
  return nearPart(listings, { spot: underlying.price, asOf: isoInstant(asOfMs ?? 0) }, depth)
}

/** `order`: the contracts of the whole chain. A cursor is a place in it, as what is near spot changes between two pages. */
function pageOf<L extends Listed>(
  order: readonly string[],
  { listings, leftOut }: NearPart<L>,
  { expiry, right, cursor, limit }: ChainQuery,
  rowOfListing: (listing: L) => ChainRow,
): Page {
  const matching = listings.filter(
    (listing) =>
      (expiry === undefined || listing.settlementDate === expiry) &&
      (right === undefined || listing.right === right),
  )
  const from = cursor === undefined ? 0 : placeAfter(order, cursor)
  const rest = matching.filter(({ place }) => place >= from)
  const size = Math.min(Math.max(1, Math.trunc(limit) || 1), MAX_PAGE_ROWS)
  const rows = rest.slice(0, size).map(rowOfListing)
  return {
    total: matching.length,
    rows,
    leftOut,
    nextCursor: rest.length > size ? (rows.at(-1)?.contract ?? null) : null,
  }
}

function placeAfter(order: readonly string[], contract: string): number {
  const place = order.indexOf(contract)
  return place < 0 ? order.length : place + 1
}

function listingsOf(book: ChainBook, { layout, engine }: SymbolFigures): Listing[] {
  const chainRows = new Map(Array.from(layout.bookRows, (row, i) => [row, engine.chain.rowOf[i] as number]))
  const listings: Unplaced[] = []
  const { expiryDate, strike, isCall } = book.columns
  for (let row = 0; row < book.count; row++) {
    if (!isListed(book, row)) continue
    const listed = dateFromWire(expiryDate[row] as number)
    const settlement = settlementInstantMs({ root: rootOf(book, row), expiryDate: listed })
    listings.push({
      bookRow: row,
      chainRow: chainRows.get(row) ?? -1,
      contract: book.contract[row] as string,
      expiry: settlement.ok ? isoInstant(settlement.expiryMs) : listed,
      settlementDate: settlement.ok ? settlement.sessionDate : listed,
      strike: strike[row] as number,
      right: isCall[row] === 1 ? 'call' : 'put',
    })
  }
  return listings.sort(compare).map((listing, place) => ({ ...listing, place }))
}

type Unplaced = Omit<Listing, 'place'>

function compare(a: Unplaced, b: Unplaced): number {
  if (a.expiry !== b.expiry) return a.expiry < b.expiry ? -1 : 1
  if (a.strike !== b.strike) return a.strike - b.strike
  if (a.right !== b.right) return a.right === 'call' ? -1 : 1
  return a.contract < b.contract ? -1 : 1
}

function rowOf(book: ChainBook, { engine, analytics }: SymbolFigures, listing: Listing): ChainRow {
  const { bookRow, chainRow, contract, expiry, strike, right } = listing
  const { bid, ask, bidSize, askSize, quoteMs, last, openInterest } = book.columns
  const quotedMs = quoteMs[bookRow] as number
  const { chain } = engine
  const valued = chainRow >= 0 && analytics !== null
  const greek = (column: Float64Array) => (valued ? finiteOrNull(column[chainRow]) : null)
  const vega = greek(chain.vega)
  const theta = greek(chain.theta)
  return {
    contract,
    expiry,
    strike,
    right,
    bid: finiteOrNull(bid[bookRow]),
    ask: finiteOrNull(ask[bookRow]),
    bidSize: bidSize[bookRow] as number,
    askSize: askSize[bookRow] as number,
    last: finiteOrNull(last[bookRow]),
    quoteAsOf: Number.isNaN(quotedMs) ? null : isoInstant(quotedMs),
    openInterest: finiteOrNull(openInterest[bookRow]),
    volume: sessionVolumeOf(book, bookRow),
    vol: greek(chain.vol),
    volReason: valued
      ? volReason(chain.volStatus[chainRow] as number)
      : chainRow < 0
        ? 'adjusted'
        : 'no_spot',
    delta: greek(chain.delta),
    gamma: greek(chain.gamma),
    // Per volatility point and per calendar day, as quoted everywhere; the engine works per unit and per year.
    vega: vega === null ? null : vega / VOL_POINTS,
    theta: theta === null ? null : theta / DAYS_PER_YEAR,
  }
}

function volReason(status: number): string | null {
  return status === VOL_STATUS.priced ? null : volStatusName(status)
}
