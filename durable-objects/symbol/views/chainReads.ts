/** Pages of the chain as a tier may see it: how old, and how much. */
import type { ChainPage } from '#schemas/rest/models'
import { depthOf, lowestTier, rawDelayMs, type Tier } from '#schemas/tiers'
import type { ChainBook } from '../book/chainBook.ts'
import { canonicalBytes, hashOf } from '../book/stateHash.ts'
import type { ChainQuery, TooEarly } from '../contract.ts'
import type { DelayedStates } from '../delayed/DelayedStates.ts'
import { ChainPages, type Page } from './chainPage.ts'
import type { Published } from './liveFrame.ts'
import { metaOf } from './restViews.ts'

export class ChainReads {
  readonly #book: () => ChainBook
  readonly #current: () => Published | null
  readonly #delayed: DelayedStates
  readonly #pages = new ChainPages()

  constructor(book: () => ChainBook, current: () => Published | null, delayed: DelayedStates) {
    this.#book = book
    this.#current = current
    this.#delayed = delayed
  }

  /** Null before the first tick. */
  async read(query: ChainQuery, tier: Tier, nowMs: number): Promise<ChainPage | TooEarly | null> {
    const book = this.#book()
    // By the object's own word for the feed: the Worker's may be some seconds old.
    const delayMs = rawDelayMs(tier, book.feed)
    const { contract, takenMs } = readCursor(query.cursor)
    const { cursor: _, ...filters } = query
    const asked = contract === undefined ? filters : { ...filters, cursor: contract }
    const depth = depthOf(tier, book.feed)
    const found = delayMs === 0 ? NEWEST : this.#delayed.find(book, { delayMs, depth, takenMs }, nowMs)

    if (found.kind === 'none') return { fromMs: found.fromMs }
    if (found.kind === 'kept') {
      const { state } = found
      const page = state.page(asked)
      const delay = { atLeastMs: delayMs, requiredTier: TIER_WITHOUT_DELAY }
      const data = { ...dataOf(page), delay, nextCursor: cursorIn(state.takenMs, page.nextCursor) }
      return { data: { stateHash: await state.stateHash, ...data }, meta: state.meta(nowMs) }
    }
    const current = this.#current()
    if (current === null) return null
    // Page and hash are of one instant: both are taken before the first await.
    const page = this.#pages.page(book, current.figures, asked, depth)
    const hashed = canonicalBytes(book)
    return { data: { stateHash: await hashOf(hashed), ...dataOf(page) }, meta: metaOf(current.frame) }
  }
}

const NEWEST = { kind: 'newest' } as const
const TIER_WITHOUT_DELAY = lowestTier((limits) => limits.rawDelayMs === 0)
const TIER_WITH_ALL = lowestTier((limits) => limits.depth === null)

function dataOf({ total, rows, leftOut, nextCursor }: Page) {
  const depth = leftOut && { ...leftOut, requiredTier: TIER_WITH_ALL }
  return { total, depth, delay: null, rows, nextCursor }
}

/** A cursor in a kept state names it, so that all pages are of one instant. */
function cursorIn(takenMs: number, contract: string | null): string | null {
  return contract && `${contract}@${takenMs}`
}

function readCursor(cursor: string | undefined): { contract?: string; takenMs?: number } {
  if (cursor === undefined) return {}
  const [contract = '', taken] = cursor.split('@')
  return taken === undefined ? { contract } : { contract, takenMs: Number(taken) }
}
