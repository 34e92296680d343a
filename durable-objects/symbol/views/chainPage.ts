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

/** A contract's place in the chain, independent of quotes. */
interface Listing extends Placed {
  readonly bookRow: number
  /** Row in the engine's chain, −1 for a contract that is not valued. */
  readonly chainRow: number
  readonly contract: string
  /** Settlement instant (ISO); the listed date where the calendar knows no settlement. */
  readonly expiry: string
  readonly right: 'call' | 'put'
}

export interface Page {
  readonly total: number
  readonly rows: ChainRow[]
  readonly leftOut: LeftOut | null
  /** The contract this page ends with; null on the last. */
  readonly nextCursor: string | null
}

export class ChainPages {
  #layout: ChainLayout | null = null
  #listings: readonly Listing[] = []

  /** Of as much of the chain as `depth` says. A cursor that is no contract of the chain gives an empty page. */
  page(book: ChainBook, figures: SymbolFigures, query: ChainQuery, depth: ChainDepth | null): Page {
    if (this.#layout !== figures.layout) {
      this.#layout = figures.layout
      this.#listings = listingsOf(book, figures)
    }
    const { listings, leftOut } = this.#within(book, depth)
    const matching = listings.filter(
      ({ settlementDate, right }) =>
        (query.expiry === undefined || settlementDate === query.expiry) &&
        (query.right === undefined || right === query.right),
    )
    const start = this.#startAfter(matching, query.cursor)
    const limit = Math.min(Math.max(1, Math.trunc(query.limit) || 1), MAX_PAGE_ROWS)
    const page = matching.slice(start, start + limit)
    const more = start + limit < matching.length
    return {
      total: matching.length,
      rows: page.map((listing) => rowOf(book, figures, listing)),
      leftOut,
      nextCursor: more ? (page.at(-1)?.contract ?? null) : null,
    }
  }

  #within({ underlying, asOfMs }: ChainBook, depth: ChainDepth | null): NearPart<Listing> {
    if (depth === null) return { listings: this.#listings, leftOut: null }
    return nearPart(this.#listings, { spot: underlying.price, asOf: isoInstant(asOfMs ?? 0) }, depth)
  }

  /** By its place, because spot moves between two pages and what is near it with it. */
  #startAfter(matching: readonly Listing[], cursor: string | undefined): number {
    if (cursor === undefined) return 0
    const last = this.#listings.find(({ contract }) => contract === cursor)
    const at = last === undefined ? -1 : matching.findIndex((listing) => compare(listing, last) > 0)
    return at < 0 ? matching.length : at
  }
}

function listingsOf(book: ChainBook, { layout, engine }: SymbolFigures): Listing[] {
  const chainRows = new Map(Array.from(layout.bookRows, (row, i) => [row, engine.chain.rowOf[i] as number]))
  const listings: Listing[] = []
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
  return listings.sort(compare)
}

function compare(a: Listing, b: Listing): number {
  if (a.expiry !== b.expiry) return a.expiry < b.expiry ? -1 : 1
  if (a.strike !== b.strike) return a.strike - b.strike
  if (a.right !== b.right) return a.right === 'call' ? -1 : 1
  return a.contract < b.contract ? -1 : Number(a.contract > b.contract)
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
