/**
 * A hash of what the book says about the market, the same however the ticks were batched, in which order contracts
 * came, how often a batch was delivered and when: two runs with equal hashes hold equal chains.
 *
 * SHA-256 over the underlying and the listed, not long settled contracts in order of their symbols. Ids, epochs,
 * row numbers and our own clock are left out. So is flow: the side of a print depends on which quotes the bridge
 * conflated away, and its greeks on when we last valued the chain; both follow from our timing and not from the market.
 */
import type { ChainBook } from './chainBook.ts'
import { isListed } from './chainBook.ts'
import { isLongSettled } from './epoch.ts'

/** Values are positive or zero, so this cannot be one. NaN itself has many bit patterns. */
const ABSENT = -1

const HASHED_COLUMNS = [
  'multiplier',
  'bid',
  'ask',
  'bidSize',
  'askSize',
  'quoteMs',
  'missing',
  'last',
  'lastMs',
  'volume',
  'volumeMs',
  'volumeDate',
  'openInterest',
  'openInterestDate',
] as const

/** 64 hex digits. */
export function stateHash(book: ChainBook): Promise<string> {
  return hashOf(canonicalBytes(book))
}

export async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes)
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** What is hashed. Synchronous, so that a caller can take it at one instant and hash it afterwards. */
export function canonicalBytes(book: ChainBook): Uint8Array<ArrayBuffer> {
  const rows: number[] = []
  for (let row = 0; row < book.count; row++) {
    if (isListed(book, row) && !isLongSettled(book, row)) rows.push(row)
  }
  const contractOf = (row: number) => book.contract[row] as string
  rows.sort((a, b) => (contractOf(a) < contractOf(b) ? -1 : 1))

  const { source, feed, asOfMs, underlying } = book
  const head = [
    source,
    feed,
    asOfMs,
    underlying.price,
    underlying.bid,
    underlying.ask,
    present(underlying.eventMs),
  ]
  const text = new TextEncoder().encode(JSON.stringify([head, rows.map(contractOf)]))
  const bytes = new Uint8Array(text.length + rows.length * HASHED_COLUMNS.length * 8)
  bytes.set(text)
  const view = new DataView(bytes.buffer, text.length)
  let offset = 0
  for (const name of HASHED_COLUMNS) {
    const column = book.columns[name]
    for (const row of rows) {
      view.setFloat64(offset, present(column[row] as number), true)
      offset += 8
    }
  }
  return bytes
}

function present(value: number): number {
  return Number.isNaN(value) ? ABSENT : value
}
