/**
 * A kept state as the chain is read from it. It is the market of then under the feed kind `delayed`, because that is what
 * whoever gets it gets: flags and freshness follow from that. Its hash is the one it had when it was new.
 */
import type { GammaFrame } from '#schemas/frame/gamma'
import type { Meta } from '#schemas/rest/envelope'
import { SymbolAnalytics, type SymbolFigures } from '../analytics/symbolAnalytics.ts'
import type { ChainBook } from '../book/chainBook.ts'
import { canonicalBytes, hashOf } from '../book/stateHash.ts'
import { decodeCheckpoint } from '../store/checkpoint.ts'
import { ChainPages } from '../views/chainPage.ts'
import { gammaFrame } from '../views/gammaFrame.ts'
import { freshnessOf } from '../views/quality.ts'
import { metaOf } from '../views/restViews.ts'
import type { KeptState } from './keptStates.ts'

export interface OpenState {
  readonly takenMs: number
  readonly book: ChainBook
  readonly figures: SymbolFigures
  readonly frame: GammaFrame
  readonly pages: ChainPages
  readonly stateHash: Promise<string>
}

/** @throws CheckpointError */
export function openState(symbol: string, kept: KeptState, bytes: Uint8Array): OpenState {
  const { takenMs, epoch, sequence } = kept
  const asItWas = decodeCheckpoint(bytes).book
  const book: ChainBook = { ...asItWas, feed: 'delayed' }
  const figures = new SymbolAnalytics().compute(book)
  const position = { epoch, sequence, previous: sequence - 1 }
  const frame = gammaFrame(book, book.asOfMs ?? takenMs, figures, null, { symbol, position, nowMs: takenMs })
  const stateHash = hashOf(canonicalBytes(asItWas))
  return { takenMs, book, figures, frame, pages: new ChainPages(), stateHash }
}

export function metaNow({ frame, book, figures }: OpenState, nowMs: number): Meta {
  const quality = { ...frame.quality, freshness: freshnessOf(book, figures, nowMs) }
  return metaOf({ ...frame, quality })
}
