import type { Engine } from '#quant/analytics/engine'
import type { GreeksOfRow } from '../book/applyTrades.ts'
import type { ChainBook } from '../book/chainBook.ts'
import type { ChainLayout } from './chainLayout.ts'

const NOT_VALUED = -1

/** What the engine's last valuation says of a book row, for as long as the book keeps its rows. */
export function greeksByBookRow(book: ChainBook, layout: ChainLayout, engine: Engine): GreeksOfRow {
  const { chain } = engine
  const { layoutVersion } = book
  const chainRow = new Int32Array(book.count).fill(NOT_VALUED)
  layout.bookRows.forEach((row, i) => {
    chainRow[row] = chain.rowOf[i] as number
  })
  return (row) => {
    const at = book.layoutVersion === layoutVersion ? (chainRow[row] ?? NOT_VALUED) : NOT_VALUED
    if (at === NOT_VALUED) return null
    const { delta, gamma, vega } = chain
    return {
      spot: engine.spot,
      delta: delta[at] as number,
      gamma: gamma[at] as number,
      vega: vega[at] as number,
    }
  }
}
