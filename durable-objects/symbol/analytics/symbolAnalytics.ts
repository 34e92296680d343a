/** Keeps the quant engine of one symbol in step with its book. */
import { analyse, type ChainAnalytics } from '#quant/analytics'
import { createEngine, reprice, type Engine } from '#quant/analytics/engine'
import { applySpot, isRepriceDue } from '#quant/analytics/incremental'
import { termOptions } from '#quant/analytics/termOptions'
import { layOutChain } from '#quant/chain/layout'
import type { GreeksOfRow } from '../book/applyTrades.ts'
import type { ChainBook } from '../book/chainBook.ts'
import { layoutOf, type ChainLayout } from './chainLayout.ts'
import { EngineInputs } from './engineInputs.ts'
import { greeksByBookRow } from './greeksByBookRow.ts'

export interface SymbolFigures {
  readonly layout: ChainLayout
  readonly engine: Engine
  /** Null without a price of the underlying. */
  readonly analytics: ChainAnalytics | null
  /** Of the engine as it stands; null for every row once the book's rows have changed. */
  readonly greeksOfRow: GreeksOfRow
}

interface Market extends Omit<SymbolFigures, 'analytics'> {
  readonly inputs: EngineInputs
}

/** Forwards and the time left are looked at again after this much market time, whatever moved. */
const REPRICE_EVERY_MS = 5_000
/** When more than this share of the contracts ticked, valuing all of them at once is cheaper. */
const LARGEST_SHARE_BY_TICK = 1 / 8

export class SymbolAnalytics {
  #layoutVersion = -1
  #market: Market | null = null

  /**
   * The figures as of the book's newest tick; our own clock plays no part, so a recorded chain is valued at its own
   * instant. Ticks change what they touch; everything is valued anew when that has gone on for long enough
   * (`incremental.ts`). The engine is reused: figures of an earlier call are no longer valid.
   */
  compute(book: ChainBook): SymbolFigures {
    if (this.#market === null || this.#layoutVersion !== book.layoutVersion) {
      this.#market = layOut(book)
      this.#layoutVersion = book.layoutVersion
    }
    const { inputs, ...figures } = this.#market
    const { engine } = figures
    const changes = inputs.look(book)
    const spot = book.underlying.price
    if (spot === null || book.asOfMs === null) {
      inputs.put(book)
      return { ...figures, analytics: null }
    }
    if (isDue(engine, changes, spot, book.asOfMs)) {
      inputs.put(book)
      reprice(engine, spot, book.asOfMs)
    } else {
      if (spot !== engine.spot) applySpot(engine, spot)
      inputs.apply(book)
    }
    return { ...figures, analytics: analyse(engine) }
  }
}

function isDue(engine: Engine, changes: number, spot: number, asOfMs: number): boolean {
  const sinceMs = asOfMs - engine.asOfMs
  return (
    !(sinceMs >= 0 && sinceMs < REPRICE_EVERY_MS) ||
    changes > LARGEST_SHARE_BY_TICK * engine.chain.count ||
    isRepriceDue(engine, spot, asOfMs)
  )
}

function layOut(book: ChainBook): Market {
  const layout = layoutOf(book)
  const { specs, terms, bookRows } = layout
  const engine = createEngine(layOutChain(specs), terms === null ? {} : termOptions(terms))
  const greeksOfRow = greeksByBookRow(book, layout, engine)
  return { layout, engine, greeksOfRow, inputs: new EngineInputs(bookRows, engine) }
}
