import { putQuote, type Engine } from '#quant/analytics/engine'
import { applyCounts, applyQuote } from '#quant/analytics/incremental'
import type { ChainBook } from '../book/chainBook.ts'
import { sessionFlowOf, sessionVolumeOf } from '../book/sessionDates.ts'

/**
 * What the engine has been told of each contract, so that a frame tells it only what changed. Rows are looked through
 * rather than reported by the book: 24,000 comparisons take a fraction of one valuation.
 */
export class EngineInputs {
  readonly #engine: Engine
  readonly #bookRows: Int32Array
  readonly #bid: Float64Array
  readonly #ask: Float64Array
  /** Places in `#bookRows`. */
  readonly #quotes: number[] = []
  readonly #counts: number[] = []

  constructor(bookRows: Int32Array, engine: Engine) {
    this.#bookRows = bookRows
    this.#engine = engine
    this.#bid = new Float64Array(bookRows.length).fill(Number.NaN)
    this.#ask = new Float64Array(bookRows.length).fill(Number.NaN)
  }

  /** Notes what differs from what the engine knows, and how many contracts that is. Signed flow is told at once: no sum holds it. */
  look(book: ChainBook): number {
    const { bid, ask, openInterest } = book.columns
    const { chain, signedFlow } = this.#engine
    this.#quotes.length = 0
    this.#counts.length = 0
    for (let i = 0; i < this.#bookRows.length; i++) {
      const from = this.#bookRows[i] as number
      const row = chain.rowOf[i] as number
      if (row < 0) continue
      if (differ(this.#bid[i], bid[from]) || differ(this.#ask[i], ask[from])) this.#quotes.push(i)
      if (
        differ(chain.openInterest[row], openInterest[from]) ||
        chain.volume[row] !== sessionVolumeOf(book, from)
      )
        this.#counts.push(i)
      signedFlow[row] = sessionFlowOf(book, from)
    }
    return this.#quotes.length + this.#counts.length
  }

  /** Tells what `look` found, for a reprice to follow. */
  put(book: ChainBook): void {
    const { chain } = this.#engine
    this.#each(this.#quotes, (i, row, from) => putQuote(this.#engine, row, ...this.#quoteOf(book, i, from)))
    this.#each(this.#counts, (_, row, from) => {
      chain.openInterest[row] = book.columns.openInterest[from] as number
      chain.volume[row] = sessionVolumeOf(book, from)
    })
  }

  /** Tells what `look` found, contract by contract into sums that are kept right. */
  apply(book: ChainBook): void {
    const { openInterest } = book.columns
    this.#each(this.#quotes, (i, row, from) => applyQuote(this.#engine, row, ...this.#quoteOf(book, i, from)))
    this.#each(this.#counts, (_, row, from) =>
      applyCounts(this.#engine, row, openInterest[from] as number, sessionVolumeOf(book, from)),
    )
  }

  #quoteOf({ columns }: ChainBook, i: number, from: number): [bid: number, ask: number] {
    this.#bid[i] = columns.bid[from] as number
    this.#ask[i] = columns.ask[from] as number
    return [columns.bid[from] as number, columns.ask[from] as number]
  }

  #each(places: readonly number[], tell: (i: number, row: number, from: number) => void): void {
    for (const i of places) tell(i, this.#engine.chain.rowOf[i] as number, this.#bookRows[i] as number)
  }
}

function differ(held: number | undefined, told: number | undefined): boolean {
  return held !== told && !(Number.isNaN(held) && Number.isNaN(told))
}
