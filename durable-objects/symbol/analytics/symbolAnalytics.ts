/** Keeps the quant engine of one symbol in step with its book. */
import { analyse, type ChainAnalytics } from '#quant/analytics'
import { createEngine, putQuote, reprice, type Engine } from '#quant/analytics/engine'
import { termOptions } from '#quant/analytics/termOptions'
import { layOutChain } from '#quant/chain/layout'
import type { GreeksOfRow } from '../book/applyTrades.ts'
import type { ChainBook } from '../book/chainBook.ts'
import { sessionFlowOf, sessionVolumeOf } from '../book/sessionDates.ts'
import { layoutOf, type ChainLayout } from './chainLayout.ts'
import { greeksByBookRow } from './greeksByBookRow.ts'

export interface SymbolFigures {
  readonly layout: ChainLayout
  readonly engine: Engine
  /** Null without a price of the underlying. */
  readonly analytics: ChainAnalytics | null
  /** Of the engine as it stands; null for every row once the book's rows have changed. */
  readonly greeksOfRow: GreeksOfRow
}

export class SymbolAnalytics {
  #layoutVersion = -1
  #market: Omit<SymbolFigures, 'analytics'> | null = null

  /**
   * The figures as of the book's newest tick; our own clock plays no part, so a recorded chain is valued at its own
   * instant. The engine is reused: figures of an earlier call are no longer valid.
   */
  compute(book: ChainBook): SymbolFigures {
    if (this.#market === null || this.#layoutVersion !== book.layoutVersion) {
      this.#market = layOut(book)
      this.#layoutVersion = book.layoutVersion
    }
    const { layout, engine } = this.#market
    copyInputs(book, layout, engine)
    const spot = book.underlying.price
    if (spot === null || book.asOfMs === null) return { ...this.#market, analytics: null }
    reprice(engine, spot, book.asOfMs)
    return { ...this.#market, analytics: analyse(engine) }
  }
}

function layOut(book: ChainBook): Omit<SymbolFigures, 'analytics'> {
  const layout = layoutOf(book)
  const { specs, terms } = layout
  const engine = createEngine(layOutChain(specs), terms === null ? {} : termOptions(terms))
  return { layout, engine, greeksOfRow: greeksByBookRow(book, layout, engine) }
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
    engine.signedFlow[to] = sessionFlowOf(book, from)
  }
}
