/**
 * A kept state as the chain is read from it. It is the market of then under the feed kind `delayed`, because that is what
 * whoever gets it gets: flags and freshness follow from that. Its hash is the one it had when it was new.
 */
import type { Meta } from '#schemas/rest/envelope'
import type { ChainDepth } from '#schemas/tiers'
import { SymbolAnalytics } from '../analytics/symbolAnalytics.ts'
import type { ChainBook } from '../book/chainBook.ts'
import { canonicalBytes, hashOf } from '../book/stateHash.ts'
import type { ChainQuery } from '../contract.ts'
import { decodeCheckpoint } from '../store/checkpoint.ts'
import { fixedPages, type Page } from '../views/chainPage.ts'
import { freshnessAt } from '../views/freshness.ts'
import { gammaFrame } from '../views/gammaFrame.ts'
import { metaOf } from '../views/restViews.ts'
import type { KeptState } from './keptStates.ts'

/** Holds the rows it shows and no book: a valued chain takes some 30 MB. */
export interface OpenState {
  readonly takenMs: number
  readonly depth: ChainDepth | null
  readonly stateHash: Promise<string>
  readonly page: (query: ChainQuery) => Page
  readonly meta: (nowMs: number) => Meta
}

/** @throws CheckpointError */
export function openState(
  symbol: string,
  { takenMs, epoch, sequence }: KeptState,
  bytes: Uint8Array,
  depth: ChainDepth | null,
): OpenState {
  const asItWas = decodeCheckpoint(bytes).book
  const book: ChainBook = { ...asItWas, feed: 'delayed' }
  const { asOfMs, lastSeenMs, feed } = book
  if (asOfMs === null) throw new Error('expected a kept state with a market time, was none')
  const figures = new SymbolAnalytics().compute(book)
  const position = { epoch, sequence, previous: sequence - 1 }
  const newest = metaOf(gammaFrame(book, asOfMs, figures, null, { symbol, position, nowMs: takenMs }))
  const calendar = figures.layout.terms?.calendar ?? 'XNYS'
  const freshness = (nowMs: number) => freshnessAt({ feed, asOfMs, lastSeenMs, calendar }, nowMs)
  return {
    takenMs,
    depth,
    stateHash: hashOf(canonicalBytes(asItWas)),
    page: fixedPages(book, figures, depth),
    meta: (nowMs) => ({ ...newest, quality: { ...newest.quality, freshness: freshness(nowMs) } }),
  }
}
