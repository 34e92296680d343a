/**
 * The symbol's state once more, from the batches that were posted: the object is right when its state hash is that of
 * some prefix of them which holds at least everything it acknowledged.
 */
import type { BatchPosition } from '#schemas/ingest/batch'
import { decodeBatch } from '#schemas/ingest/codec'
import { stateHash } from '#durable-objects/symbol/book/stateHash'
import { validateBatch } from '#durable-objects/symbol/book/validateBatch'
import { applyToState, checkpointOf, emptyState, restoreState } from '#durable-objects/symbol/state'
import type { PostedBatch } from './ledger.ts'

export interface Match {
  /** Where the object stands. */
  readonly position: BatchPosition
  /** Newest market time it holds; null before the first tick. */
  readonly asOfMs: number | null
  /** Ticks it has acknowledged and does not hold. */
  readonly lostTicks: number
}

export class Replay {
  /** State at `#position`. */
  #checkpoint = checkpointOf(emptyState())
  #position: BatchPosition = { epoch: 0, sequence: 0 }

  /**
   * Null when no prefix explains the hash: something was applied twice, or half.
   *
   * @param batches in order of position, those after the last match
   */
  async match(batches: readonly PostedBatch[], hash: string): Promise<Match | null> {
    for (const stored of storedPossibly(batches)) {
      const complete = stored.findLastIndex((batch) => batch.acknowledged) + 1
      const match = (await this.#prefix(stored, complete, hash)) ?? (await this.#prefix(stored, 0, hash))
      if (match !== null) return match
    }
    return null
  }

  /** The first prefix of at least `from` batches that has this hash. */
  async #prefix(batches: readonly PostedBatch[], from: number, hash: string): Promise<Match | null> {
    const state = restoreState(this.#checkpoint, [])
    let position = this.#position
    for (let applied = 0; applied <= batches.length; applied++) {
      if (applied > 0) {
        const batch = batches[applied - 1] as PostedBatch
        const decoded = decodeBatch(batch.bytes)
        const valid = decoded.ok && validateBatch(state.book, decoded.value)
        if (valid === false || !valid.ok) return null
        applyToState(state, valid, valid.batch.createdMs)
        position = batch
      }
      if (applied < from || (await stateHash(state.book)) !== hash) continue
      this.#checkpoint = checkpointOf(state)
      this.#position = { epoch: position.epoch, sequence: position.sequence }
      return {
        position: this.#position,
        asOfMs: state.book.asOfMs,
        lostTicks: lostOf(batches.slice(applied)),
      }
    }
    return null
  }
}

/**
 * What may be stored, most likely first: of the newest epoch everything, of those before what was acknowledged and, when
 * their last answers were lost in a takeover, some more.
 */
function storedPossibly(batches: readonly PostedBatch[]): PostedBatch[][] {
  const byEpoch = [...Map.groupBy(batches, ({ epoch }) => epoch).values()].map(unbroken)
  const newest = byEpoch.pop() ?? []
  const before = byEpoch.reduce<PostedBatch[][]>(
    (histories, epoch) => {
      const complete = epoch.findLastIndex((batch) => batch.acknowledged) + 1
      const ends = Array.from({ length: epoch.length - complete + 1 }, (_, i) => epoch.slice(0, complete + i))
      return histories.flatMap((history) => ends.map((end) => [...history, ...end]))
    },
    [[]],
  )
  return before.map((history) => [...history, ...newest])
}

/** Up to the first position that nobody posted: what comes after it cannot have been applied. */
function unbroken(epoch: readonly PostedBatch[]): PostedBatch[] {
  const first = epoch[0]?.sequence ?? 1
  return epoch.filter(({ sequence }, i) => sequence === first + i)
}

function lostOf(batches: readonly PostedBatch[]): number {
  return batches.reduce((sum, { acknowledged, ticks }) => sum + (acknowledged ? ticks : 0), 0)
}
