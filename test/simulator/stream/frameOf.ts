/** A frame that shows every count of the book, so that a viewer of a wrong book sees a wrong frame. */
import type { ChainBook } from '#durable-objects/symbol/book/chainBook'
import type { StreamPosition } from '#durable-objects/symbol/stream/publisher'
import type { GammaFrame } from '#schemas/frame/gamma'
import { emptyFrame } from '#schemas/stream/snapshot'
import { SYMBOL } from '../ingest/market.ts'

export function frameOf(book: ChainBook, position: StreamPosition, nowMs: number): GammaFrame {
  const { strike: strikes, volume, openInterest, isCall } = book.columns
  const sums = new Map<number, { call: number; put: number }>()
  let net = 0
  for (let row = 0; row < book.count; row++) {
    const strike = strikes[row] as number
    const sum = sums.get(strike) ?? { call: 0, put: 0 }
    const size = (volume[row] as number) + (openInterest[row] as number)
    if (isCall[row] === 1) sum.call += size
    else sum.put -= size
    net += volume[row] as number
    sums.set(strike, sum)
  }
  const strike = [...sums.keys()].sort((a, b) => a - b)
  return {
    ...emptyFrame(SYMBOL),
    ...position,
    asOfMs: book.asOfMs ?? 0,
    publishedMs: nowMs,
    feed: book.feed,
    source: book.source,
    spotPrice: book.underlying.price,
    netGex: net,
    strikes: {
      strike,
      callGex: strike.map((at) => sums.get(at)?.call ?? 0),
      putGex: strike.map((at) => sums.get(at)?.put ?? 0),
    },
  }
}
