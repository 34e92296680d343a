/** Keeps the quant engine of one symbol in step with its book. */
import { analyse, type ChainAnalytics } from '#quant/analytics'
import { createEngine, putQuote, reprice, type Engine, type EngineOptions } from '#quant/analytics/engine'
import { INDIA, NEW_YORK } from '#quant/calendar/timeZone'
import { layOutChain } from '#quant/chain/layout'
import type { RootSpec } from '#quant/contracts/rootMaster'
import type { ChainBook } from '../book/chainBook.ts'
import { sessionVolumeOf } from '../book/sessionDates.ts'
import { layoutOf, type ChainLayout } from './chainLayout.ts'

/** Price steps of the options, which decide when a spread is too wide to mean anything. */
const INDEX_PRICE_INCREMENT = 0.05
const SHARE_PRICE_INCREMENT = 0.01
/** Rates used for expiries whose own prices imply none, flagged FORWARD_FALLBACK where they matter. */
const FALLBACK_RATES = { USD: 0.04, INR: 0.065 } as const
/** Where it is today, which decides what counts as expiring today. */
const TIME_ZONES = { USD: NEW_YORK, INR: INDIA } as const

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
      this.#engine = createEngine(layOutChain(this.#layout.specs), optionsFor(this.#layout.terms))
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

function optionsFor(terms: RootSpec | null): Partial<EngineOptions> {
  if (terms === null) return {}
  const isIndex = terms.class === 'index' || terms.class === 'volatility_index'
  return {
    exercise: terms.exercise,
    priceIncrement: isIndex ? INDEX_PRICE_INCREMENT : SHARE_PRICE_INCREMENT,
    fallbackRate: FALLBACK_RATES[terms.currency],
    timeZone: TIME_ZONES[terms.currency],
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
