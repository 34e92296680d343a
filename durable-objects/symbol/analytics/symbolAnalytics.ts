/** Keeps the quant engine of one symbol in step with its book. */
import { analyse, type ChainAnalytics } from '#quant/analytics'
import { createEngine, putQuote, reprice, type Engine } from '#quant/analytics/engine'
import { termOptions } from '#quant/analytics/termOptions'
import { layOutChain } from '#quant/chain/layout'
import type { ChainBook } from '../book/chainBook.ts'
import { sessionVolumeOf } from '../book/sessionDates.ts'
import { layoutOf, type ChainLayout } from './chainLayout.ts'

export interface SymbolFigures {
  readonly layout: ChainLayout
  readonly engine: Engine
  /** Null without a price of the underlying. */
  readonly analytics: ChainAnalytics | null
}

export class SymbolAnalytics {
  #layoutVersion = -1
  #layout: ChainLayout | null = null
  #engine: Engine | null = null

  /**
   * The figures as of the book's newest tick; our own clock plays no part, so a recorded chain is valued at its own
   * instant. The engine is reused: figures of an earlier call are no longer valid.
   */
  compute(book: ChainBook): SymbolFigures {
    if (this.#layout === null || this.#engine === null || this.#layoutVersion !== book.layoutVersion) {
      this.#layout = layoutOf(book)
      const { specs, terms } = this.#layout
      this.#engine = createEngine(layOutChain(specs), terms === null ? {} : termOptions(terms))
      this.#layoutVersion = book.layoutVersion
    }
    const layout = this.#layout
    const engine = this.#engine
    copyInputs(book, layout, engine)
    const spot = book.underlying.price
    if (spot === null || book.asOfMs === null) return { layout, engine, analytics: null }
    reprice(engine, spot, book.asOfMs)
    return { layout, engine, analytics: analyse(engine) }
  }
}

function copyInputs(book: ChainBook, { bookRows }: ChainLayout, engine: Engine): void {
  const { bid, ask, openInterest } = book.columns
  const { rowOf, openInterest: chainOpenInterest, volume: chainVolume } = engine.chain
  for (let i = 0; i < bookRows.length; i++) {
    const from = bookRows[i] as number
    const to = rowOf[i] as number
    if (to < 0) continue
    putQuote(engine, to, bid[from] as number, ask[from] as number)
    chainOpenInterest[to] = openInterest[from] as number
    chainVolume[to] = sessionVolumeOf(book, from)
  }
}
