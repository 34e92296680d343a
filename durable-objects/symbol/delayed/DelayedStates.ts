import type { ChainDepth } from '#schemas/tiers'
import type { ChainBook } from '../book/chainBook.ts'
import { NO_POSITIONS } from '../ingest/position.ts'
import { encodeCheckpoint } from '../store/checkpoint.ts'
import type { Published } from '../views/liveFrame.ts'
import {
  KEEP_EVERY_MS,
  keepAtMs,
  longestDelayMs,
  newestInstantMs,
  select,
  stillNeeded,
  type KeptState,
  type Selection,
} from './keptStates.ts'
import type { KeptStore } from './keptStore.ts'
import { openState, type OpenState } from './openState.ts'

export type Keeper = Pick<KeptStore, 'kept' | 'keep' | 'retain' | 'read'>

export interface Asked {
  readonly delayMs: number
  readonly depth: ChainDepth | null
  /** Of a cursor. */
  readonly takenMs?: number | undefined
}

/** What is old enough for a tier: the newest such state, and the one before it for who began to page in it. */
const MOST_OPEN = 2

/** Keeps states of a live market until they are old enough, and opens one when somebody asks. */
export class DelayedStates {
  readonly #symbol: string
  readonly #store: Keeper
  readonly #damaged: (error: unknown) => void
  /** Least recently asked for first. */
  #open: { readonly state: OpenState; readonly askedMs: number }[] = []

  constructor(symbol: string, store: Keeper, damaged: (error: unknown) => void) {
    this.#symbol = symbol
    this.#store = store
    this.#damaged = damaged
  }

  /** When there is something to do after a batch; null for a feed nobody waits for. */
  dueMs({ feed }: ChainBook, nowMs: number): number | null {
    const { kept } = this.#store
    if (longestDelayMs(feed) > 0) return keepAtMs(kept, nowMs)
    return kept.length > 0 ? nowMs : null
  }

  /** `published` is of the book as it stands. */
  keep(published: Published | null, book: ChainBook, nowMs: number): void {
    this.#closeIdle(nowMs)
    const delayMs = longestDelayMs(book.feed)
    if (delayMs === 0) {
      // Another kind of feed: what was kept is not of the market as it is now.
      this.#store.retain([])
      this.#open = []
      return
    }
    if (published === null) return
    const needed = stillNeeded(this.#store.kept, delayMs, nowMs)
    const { epoch, sequence } = published.frame
    const state = { takenMs: nowMs, newestMs: newestInstantMs(book, nowMs), epoch, sequence }
    this.#store.keep(needed, state, encodeCheckpoint({ book, positions: NO_POSITIONS, timeline: [] }))
  }

  /** What a caller with this delay gets. A kept state comes open. */
  find(
    book: ChainBook,
    asked: Asked,
    nowMs: number,
  ): Exclude<Selection, { kind: 'kept' }> | { readonly kind: 'kept'; readonly state: OpenState } {
    this.#closeIdle(nowMs)
    for (;;) {
      const selection = select(this.#store.kept, book, asked, nowMs)
      if (selection.kind !== 'kept') return selection
      const state = this.#opened(selection.state, asked.depth, nowMs)
      if (state !== null) return { kind: 'kept', state }
    }
  }

  #closeIdle(nowMs: number): void {
    this.#open = this.#open.filter(({ askedMs }) => askedMs + KEEP_EVERY_MS > nowMs)
  }

  /** Null when it cannot be read: then it is let go of, and the one before it will do. */
  #opened(kept: KeptState, depth: ChainDepth | null, nowMs: number): OpenState | null {
    const isIt = ({ state }: { readonly state: OpenState }) =>
      state.takenMs === kept.takenMs && state.depth === depth
    const held = this.#open.find(isIt)?.state
    const others = this.#open.filter(({ state }) => state !== held)
    try {
      const state = held ?? openState(this.#symbol, kept, this.#store.read(kept), depth)
      this.#open = [...others, { state, askedMs: nowMs }].slice(-MOST_OPEN)
      return state
    } catch (error) {
      this.#damaged(error)
      this.#store.retain(this.#store.kept.filter((other) => other !== kept))
      return null
    }
  }
}
