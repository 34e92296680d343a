import type { GammaFrame } from '#schemas/frame/gamma'
import { marketView, type MarketView } from '#quant/metrics/marketView'
import { historyOf, memoryOf, NO_MEMORY, remembering, type MarketMemory } from '../history/marketMemory.ts'
import type { LiveState } from '../state.ts'
import type { Published } from './liveFrame.ts'
import { marketInputs, sessionDateOfMarket } from './marketInputs.ts'
import { VolatilityCache } from './volatilityCache.ts'

/** Figures that only windows need cost more than a frame: they are noted this often in market time. */
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
  #rememberedMs = Number.NEGATIVE_INFINITY

  constructor(state: LiveState, memory: MarketMemory = NO_MEMORY) {
    this.#state = state
    this.#memory = memory
  }

  get memory(): MarketMemory {
    return this.#memory
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

  /** Notes the newest instant once enough market time has passed. */
  remember(published: Published): void {
    const { asOfMs } = published.frame
    const sinceMs = asOfMs - this.#rememberedMs
    if (sinceMs >= 0 && sinceMs < REMEMBER_EVERY_MS) return
    const view = this.view(published)
    if (view === null) return
    this.#rememberedMs = asOfMs
    this.#memory = remembering(this.#memory, view, sessionDateOfMarket(this.#state.book, published.figures))
  }
}
