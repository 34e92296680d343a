import type { GammaFrame } from '#schemas/frame/gamma'
import { marketView, type MarketView } from '#quant/metrics/marketView'
import { historyOf, memoryOf, NO_MEMORY, remembering, type MarketMemory } from '../history/marketMemory.ts'
import type { LiveState } from '../state.ts'
import { frameWindows, type WindowsOfFrame } from './frameWindows.ts'
import type { Published } from './liveFrame.ts'
import { marketInputs, sessionDateOfMarket } from './marketInputs.ts'
import { VolatilityCache } from './volatilityCache.ts'

/** What only windows need costs more than a frame: it is noted this often, of our own clock. */
const REMEMBER_EVERY_MS = 2_000

/**
 * The market behind the newest frame as metrics read it, and what is remembered of earlier ones. What metrics share is
 * computed once for a frame, whoever asks first. `published` must always be the newest.
 */
export class LiveMarket {
  readonly structures = new VolatilityCache()
  readonly #state: LiveState
  #memory: MarketMemory
  #newest: { readonly frame: GammaFrame; readonly withBands: boolean; readonly view: MarketView } | null =
    null
  #remembered: { readonly atMs: number; readonly bookVersion: number } | null = null
  #windows: WindowsOfFrame | null = null

  constructor(state: LiveState, memory: MarketMemory = NO_MEMORY) {
    this.#state = state
    this.#memory = memory
  }

  get memory(): MarketMemory {
    return this.#memory
  }

  /** For the next frame. */
  get windows(): WindowsOfFrame | null {
    return this.#windows
  }

  /** Null without a price of the underlying. */
  view({ frame, figures }: Published, withBands = false): MarketView | null {
    const held = this.#newest
    if (held !== null && held.frame === frame && (held.withBands || !withBands)) return held.view
    const { book, timeline } = this.#state
    this.#memory = memoryOf(this.#memory, `${book.feed} ${book.source}`)
    const history = historyOf(this.#memory, timeline.samples(), sessionDateOfMarket(book, figures))
    const inputs = marketInputs(book, figures, frame, {
      history,
      withBands,
      volatility: () => this.structures.read(figures),
    })
    if (inputs === null) return null
    const view = marketView(inputs)
    this.#newest = { frame, withBands, view }
    return view
  }

  /** How long until there is something to remember that is not yet; null when there is nothing. */
  rememberAfterMs(nowMs: number): number | null {
    if (this.#remembered === null) return 0
    const { atMs, bookVersion } = this.#remembered
    return bookVersion === this.#state.book.version ? null : Math.max(0, atMs + REMEMBER_EVERY_MS - nowMs)
  }

  /** Notes the newest instant, and what windows show of it. */
  remember(published: Published, nowMs: number): void {
    const { book } = this.#state
    const view = this.view(published)
    this.#remembered = { atMs: nowMs, bookVersion: book.version }
    this.#windows = view && frameWindows(view)
    if (view !== null)
      this.#memory = remembering(this.#memory, view, sessionDateOfMarket(book, published.figures))
  }
}
