/**
 * The newest frame of a symbol. It is made anew only when something in it changed: the book, or the age of the data.
 * Figures and frame always belong together, so what REST answers is what the stream said.
 */
import type { Freshness } from '#schemas/feed'
import type { GammaFrame } from '#schemas/frame/gamma'
import { SymbolAnalytics, type SymbolFigures } from '../analytics/symbolAnalytics.ts'
import type { LiveState } from '../state.ts'
import type { StreamPosition } from '../stream/publisher.ts'
import type { WindowsOfFrame } from './frameWindows.ts'
import { gammaFrame } from './gammaFrame.ts'
import { freshnessOf } from './quality.ts'

export interface Published {
  readonly frame: GammaFrame
  readonly figures: SymbolFigures
}

export class LiveFrame {
  readonly #symbol: string
  readonly #state: LiveState
  /** Gives the next frame its place in the stream. */
  readonly #nextPosition: (nowMs: number) => StreamPosition
  readonly #analytics = new SymbolAnalytics()
  /** What windows show, computed now and then. */
  readonly #windows: () => WindowsOfFrame | null
  #newest: (Published & { readonly bookVersion: number; readonly windows: WindowsOfFrame | null }) | null =
    null

  constructor(
    symbol: string,
    state: LiveState,
    nextPosition: (nowMs: number) => StreamPosition,
    windows: () => WindowsOfFrame | null = () => null,
  ) {
    this.#symbol = symbol
    this.#state = state
    this.#nextPosition = nextPosition
    this.#windows = windows
  }

  /** Null until a tick has brought a market time. `onNew` is called when the frame had to be made anew. */
  current(nowMs: number, onNew: (published: Published) => void): Published | null {
    const { book, timeline } = this.#state
    const { asOfMs } = book
    if (asOfMs === null) return null
    const windows = this.#windows()
    if (
      this.#newest?.bookVersion === book.version &&
      this.#newest.windows === windows &&
      this.#freshness(nowMs) === this.#newest.frame.quality.freshness
    ) {
      return this.#newest
    }
    const figures = this.#analytics.compute(book)
    this.#state.greeksOfRow = figures.greeksOfRow
    const context = { symbol: this.#symbol, position: this.#nextPosition(nowMs), nowMs }
    const frame = gammaFrame(book, asOfMs, figures, windows, context)
    const { spotPrice, netGex, nearestFlip } = frame
    timeline.offer({
      asOfMs,
      spot: spotPrice ?? Number.NaN,
      netGex: netGex ?? Number.NaN,
      nearestFlip: nearestFlip ?? Number.NaN,
    })
    this.#newest = { frame, figures, bookVersion: book.version, windows }
    onNew(this.#newest)
    return this.#newest
  }

  /** Whether it is the newest still, and the book has not changed since. */
  isNewest(published: Published): boolean {
    return this.#newest === published && this.#newest.bookVersion === this.#state.book.version
  }

  #freshness(nowMs: number): Freshness | null {
    return this.#newest === null ? null : freshnessOf(this.#state.book, this.#newest.figures, nowMs)
  }
}
