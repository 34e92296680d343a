/** What a book must hold after a list of batches, by rules simple enough to read: the newest quote, every print once. */
import type { IngestBatch } from '#schemas/ingest/batch'
import type { ChainBook } from '#durable-objects/symbol/book/chainBook'

interface Row {
  bid: number
  last: number
  volume: number
  openInterest: number
}

export class ReferenceBook {
  readonly #rows = new Map<string, Row>()
  readonly #keyOfId = new Map<number, string>()
  #epoch = 0
  #spot: number | null = null

  apply({ epoch, contracts, quotes, trades, openInterest, underlying }: IngestBatch): void {
    if (epoch !== this.#epoch) this.#keyOfId.clear()
    this.#epoch = epoch
    contracts.contractId.forEach((id, i) => {
      const key = keyOf(contracts.strike[i], contracts.isCall[i])
      this.#keyOfId.set(id, key)
      if (!this.#rows.has(key)) {
        this.#rows.set(key, { bid: Number.NaN, last: Number.NaN, volume: 0, openInterest: Number.NaN })
      }
    })
    quotes.contractId.forEach((id, i) => (this.#row(id).bid = quotes.bid[i] as number))
    trades.contractId.forEach((id, i) => {
      const row = this.#row(id)
      row.volume += trades.size[i] as number
      row.last = trades.price[i] as number
    })
    openInterest.contractId.forEach(
      (id, i) => (this.#row(id).openInterest = openInterest.openInterest[i] as number),
    )
    if (underlying.count > 0) this.#spot = underlying.price[underlying.count - 1] as number
  }

  /** What differs, or null. */
  differenceFrom({ count, columns, underlying }: ChainBook): string | null {
    if (count !== this.#rows.size) return `expected ${this.#rows.size} contracts, was ${count}`
    if (underlying.price !== this.#spot) return `expected spot ${this.#spot}, was ${underlying.price}`
    for (let row = 0; row < count; row++) {
      const key = keyOf(columns.strike[row], columns.isCall[row])
      const expected = this.#rows.get(key)
      for (const field of ['bid', 'last', 'volume', 'openInterest'] as const) {
        if (!Object.is(columns[field][row], expected?.[field])) {
          return `expected ${field} of ${key} to be ${expected?.[field]}, was ${columns[field][row]}`
        }
      }
    }
    return null
  }

  #row(id: number): Row {
    const row = this.#rows.get(this.#keyOfId.get(id) ?? '')
    if (row === undefined) throw new Error(`expected a defined contract, was ${id}`)
    return row
  }
}

function keyOf(strike: number | undefined, isCall: number | undefined): string {
  return `${strike}${isCall === 1 ? 'C' : 'P'}`
}
