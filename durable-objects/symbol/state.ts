/** What an object holds in memory for its symbol, and the two ways it changes: a batch, or a restore from storage. */
import { decodeBatch } from '#schemas/ingest/codec'
import { applyBatch, type Applied } from './book/applyBatch.ts'
import type { GreeksOfRow } from './book/applyTrades.ts'
import { emptyBook, type ChainBook } from './book/chainBook.ts'
import { dropSettledRows, startsEmpty } from './book/epoch.ts'
import { validateBatch, type ValidBatch } from './book/validateBatch.ts'
import { advance, NO_POSITIONS, type Positions } from './ingest/position.ts'
import { decodeCheckpoint, encodeCheckpoint } from './store/checkpoint.ts'
import { TimelineRing } from './views/timeline.ts'

export interface LiveState {
  book: ChainBook
  positions: Positions
  timeline: TimelineRing
  /** Of the newest frame; prints before the first one of a life, those of a replayed tail too, have none. */
  greeksOfRow: GreeksOfRow
}

export function emptyState(): LiveState {
  const timeline = new TimelineRing()
  return { book: emptyBook(), positions: NO_POSITIONS, timeline, greeksOfRow: NO_GREEKS }
}

const NO_GREEKS: GreeksOfRow = () => null

/** What of the storage a restore needs. */
export interface StoredState {
  readCheckpoint(): Uint8Array | null
  /** Oldest first. */
  readTail(): Iterable<Uint8Array>
}

/** Changes `state` in place. Cannot fail. */
export function applyToState(state: LiveState, valid: ValidBatch, receivedMs: number): Applied {
  const { batch } = valid
  if (valid.startsEpoch && startsEmpty(state.book, batch)) state.timeline.clear()
  const applied = applyBatch(state.book, valid, receivedMs, state.greeksOfRow)
  state.positions = advance(state.positions, batch)
  return applied
}

/** Bytes that `restoreState` turns back into this state. Lets go of rows that no figure needs any more. */
export function checkpointOf({ book, positions, timeline }: LiveState): Uint8Array {
  dropSettledRows(book)
  return encodeCheckpoint({ book, positions, timeline: timeline.samples() })
}

/**
 * State as of the last acknowledged batch.
 * @throws CheckpointError on a damaged checkpoint
 * @throws Error on a tail that does not continue it
 */
export function restoreState(checkpoint: Uint8Array | null, tail: Iterable<Uint8Array>): LiveState {
  const state = emptyState()
  if (checkpoint !== null) {
    const { book, positions, timeline } = decodeCheckpoint(checkpoint)
    Object.assign(state, { book, positions, timeline: new TimelineRing(timeline) })
  }
  for (const bytes of tail) {
    const decoded = decodeBatch(bytes)
    if (!decoded.ok) throw new Error(`tail batch: ${decoded.defect.field}`)
    const valid = validateBatch(state.book, decoded.value)
    if (!valid.ok) throw new Error(`tail batch: ${valid.detail}`)
    applyToState(state, valid, decoded.value.createdMs)
  }
  return state
}

/**
 * The restored state, or an empty one when what is stored cannot be read. Refusing to start would lock the symbol out
 * for good; from empty, the bridge is asked to begin a new epoch.
 */
export function restoreOrBegin(store: StoredState, failed: (error: unknown) => void): LiveState {
  try {
    return restoreState(store.readCheckpoint(), store.readTail())
  } catch (error) {
    failed(error)
    return emptyState()
  }
}
