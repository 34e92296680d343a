/** What bridges have posted and what the symbol's object has answered, as seen right in front of the object. */
import { decodeBatch } from '#schemas/ingest/codec'
import type { BatchPosition } from '#schemas/ingest/batch'

export interface PostedBatch extends BatchPosition {
  readonly bytes: Uint8Array
  readonly ticks: number
  /** Answered with 200 at least once: the object has promised to keep it. */
  acknowledged: boolean
}

export class Ledger {
  /** By position, those after `#checked`. */
  readonly #posted = new Map<string, PostedBatch>()
  #checked: BatchPosition = { epoch: 0, sequence: 0 }
  readonly #applied = new Set<string>()
  /** Positions that were answered "applied" more than once. */
  appliedTwice = 0
  /** Two different batches under one position: two bridges wrote in one epoch. */
  positionsReused = 0
  batchesAcknowledged = 0
  ticksAcknowledged = 0
  refusals: Record<string, number> = {}
  /** When the first batch of each epoch was applied, `performance.now()`. */
  readonly firstAppliedMs = new Map<number, number>()

  posted(bytes: Uint8Array): PostedBatch | null {
    const decoded = decodeBatch(bytes)
    if (!decoded.ok) return null
    const { epoch, sequence, contracts, quotes, trades, openInterest, sessionVolume, underlying } =
      decoded.value
    const key = `${epoch}/${sequence}`
    const held = this.#posted.get(key)
    if (held !== undefined) {
      if (Buffer.compare(held.bytes, bytes) !== 0) this.positionsReused++
      return held
    }
    const sections = [contracts, quotes, trades, openInterest, sessionVolume, underlying]
    const ticks = sections.reduce((sum, section) => sum + section.count, 0)
    const isChecked = !isAfter({ epoch, sequence }, this.#checked)
    const batch = { epoch, sequence, bytes, ticks, acknowledged: isChecked }
    if (!isChecked) this.#posted.set(key, batch)
    return batch
  }

  answered(batch: PostedBatch, status: number, body: string): void {
    const answer = readAnswer(body)
    if (status !== 200) {
      const code = answer.code ?? String(status)
      this.refusals[code] = (this.refusals[code] ?? 0) + 1
      return
    }
    const key = `${batch.epoch}/${batch.sequence}`
    if (answer.status === 'applied') {
      if (this.#applied.has(key)) this.appliedTwice++
      this.#applied.add(key)
      if (!this.firstAppliedMs.has(batch.epoch)) this.firstAppliedMs.set(batch.epoch, performance.now())
    }
    if (batch.acknowledged) return
    batch.acknowledged = true
    this.batchesAcknowledged++
    this.ticksAcknowledged += batch.ticks
  }

  /** In order of position. */
  unchecked(): PostedBatch[] {
    return [...this.#posted.values()].sort((a, b) => a.epoch - b.epoch || a.sequence - b.sequence)
  }

  /** Everything up to `position`, and what is left of earlier epochs, has been accounted for. */
  checkedUpTo(position: BatchPosition): void {
    this.#checked = position
    for (const [key, batch] of this.#posted) if (!isAfter(batch, position)) this.#posted.delete(key)
  }
}

function isAfter(a: BatchPosition, b: BatchPosition): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.sequence > b.sequence)
}

function readAnswer(body: string): { readonly status?: string; readonly code?: string } {
  try {
    return JSON.parse(body) as { status?: string; code?: string }
  } catch {
    return {}
  }
}
