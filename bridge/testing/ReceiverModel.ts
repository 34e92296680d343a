import { createHash } from 'node:crypto'
import type { IngestBatch } from '#schemas/ingest/batch'
import { decodeBatch } from '#schemas/ingest/codec'
import { PROBLEMS, type ProblemCode } from '#schemas/problem'

export interface ModelAnswer {
  readonly status: number
  readonly body: unknown
}

interface Row {
  quote:
    | readonly [bid: number, ask: number, bidSize: number, askSize: number, missing: number, eventMs: number]
    | null
  volume: number
  volumeMs: number
  openInterest: number | null
}

/** What the object at the other end does, reduced to what the bridge's tests need: positions and the final book. */
export class ReceiverModel {
  readonly #rows = new Map<string, Row>()
  #names = new Map<number, string>()
  #position: { epoch: number; sequence: number } | null = null
  #spot: readonly [price: number, eventMs: number] | null = null
  #source = ''
  readonly prints: string[] = []
  /** Encoded sequence numbers as applied, to prove that nothing was applied twice or out of order. */
  readonly applied: string[] = []
  duplicates = 0

  receive(bytes: Uint8Array): ModelAnswer {
    const decoded = decodeBatch(bytes)
    if (!decoded.ok) return problem(decoded.defect.code, decoded.defect.field)
    const batch = decoded.value
    const { epoch, sequence } = batch
    const held = this.#position
    const isNew = held === null || epoch > held.epoch
    if (held && epoch < held.epoch) return problem('stale_epoch', `epoch ${held.epoch} has taken over`)
    const expected = isNew ? 1 : held.sequence + 1
    if (!isNew && sequence < expected) {
      this.duplicates++
      return accepted('duplicate', held)
    }
    if (sequence > expected)
      return problem('sequence_gap', `expected ${expected}`, { epoch, sequence: expected })
    if (isNew) this.#names = new Map()
    this.#apply(batch)
    this.#position = { epoch, sequence }
    this.applied.push(`${epoch}/${sequence}`)
    return accepted('applied', this.#position)
  }

  get position() {
    return this.#position
  }

  get contracts(): number {
    return this.#rows.size
  }

  /** Canonical: independent of order of arrival, batching and ids. */
  hash(): string {
    const rows = [...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1))
    return createHash('sha256')
      .update(JSON.stringify([this.#source, rows, this.#spot, [...this.prints].sort()]))
      .digest('hex')
  }

  #apply(batch: IngestBatch): void {
    this.#source = batch.source
    const { contracts, quotes, trades, openInterest, sessionVolume, underlying } = batch
    for (let i = 0; i < contracts.count; i++) {
      const root = batch.roots[at(contracts.rootIndex, i)]
      const name = `${root} ${at(contracts.expiryDate, i)} ${at(contracts.isCall, i)} ${at(contracts.strike, i)}`
      this.#names.set(at(contracts.contractId, i), name)
      if (!this.#rows.has(name))
        this.#rows.set(name, { quote: null, volume: 0, volumeMs: 0, openInterest: null })
    }
    for (let i = 0; i < quotes.count; i++) {
      const row = this.#row(at(quotes.contractId, i))
      const { bid, ask, bidSize, askSize, missing, eventMs } = quotes
      if (row.quote && at(eventMs, i) < row.quote[5]) continue
      row.quote = [at(bid, i), at(ask, i), at(bidSize, i), at(askSize, i), at(missing, i), at(eventMs, i)]
    }
    for (let i = 0; i < trades.count; i++) {
      const row = this.#row(at(trades.contractId, i))
      row.volume += at(trades.size, i)
      row.volumeMs = Math.max(row.volumeMs, at(trades.eventMs, i))
      this.prints.push(`${at(trades.vendorSequence, i)} ${at(trades.price, i)} x ${at(trades.size, i)}`)
    }
    for (let i = 0; i < openInterest.count; i++) {
      this.#row(at(openInterest.contractId, i)).openInterest = at(openInterest.openInterest, i)
    }
    for (let i = 0; i < sessionVolume.count; i++) {
      const row = this.#row(at(sessionVolume.contractId, i))
      row.volume = at(sessionVolume.volume, i)
      row.volumeMs = at(sessionVolume.eventMs, i)
    }
    for (let i = 0; i < underlying.count; i++) {
      if (!this.#spot || at(underlying.eventMs, i) >= this.#spot[1]) {
        this.#spot = [at(underlying.price, i), at(underlying.eventMs, i)]
      }
    }
  }

  #row(contractId: number): Row {
    const row = this.#rows.get(this.#names.get(contractId) ?? '')
    if (!row) throw new Error(`contract ${contractId} was never defined in this epoch`)
    return row
  }
}

function at(column: ArrayLike<number>, i: number): number {
  return column[i] as number
}

function accepted(
  status: 'applied' | 'duplicate',
  position: { epoch: number; sequence: number },
): ModelAnswer {
  return { status: 200, body: { ok: true, status, position: { ...position }, flagged: 0 } }
}

function problem(code: ProblemCode, detail: string, expected?: object): ModelAnswer {
  const [status, title] = PROBLEMS[code]
  const body = { type: `/problems/${code}`, title, status, detail, instance: '', code, requestId: 'test' }
  return { status, body: expected ? { ...body, expected } : body }
}
