import type { QuoteTick, Tick, UnderlyingTick } from '#schemas/tick'

/**
 * Holds what arrived since the last batch. Quotes and the underlying are states, so the newest by event time wins;
 * everything else is an event and is kept in arrival order. What is held is therefore bounded by the number of
 * contracts plus the events of one window, however slow the receiver is.
 */
export class Conflator {
  #events: Tick[] = []
  #quotes = new Map<number, QuoteTick>()
  #underlying: UnderlyingTick | null = null
  #received = 0
  #superseded = 0

  add(ticks: readonly Tick[]): void {
    this.#received += ticks.length
    for (const tick of ticks) {
      if (tick.kind === 'quote') this.#addQuote(tick)
      else if (tick.kind === 'underlying') this.#addUnderlying(tick)
      else this.#events.push(tick)
    }
  }

  /**
   * Hands over what is held: events first (a definition must precede the first quote of its contract), then the
   * underlying and the quotes. Without states (the receiver is behind) quotes and underlying stay and go on conflating.
   */
  take(withStates: boolean): Tick[] {
    const taken = this.#events
    this.#events = []
    if (!withStates) return taken
    if (this.#underlying) taken.push(this.#underlying)
    for (const quote of this.#quotes.values()) taken.push(quote)
    this.#underlying = null
    this.#quotes = new Map()
    return taken
  }

  /** Whether something is held that no newer tick can replace. */
  get holdsEvents(): boolean {
    return this.#events.length > 0
  }

  /** Ticks held now. */
  get held(): number {
    return this.#events.length + this.#quotes.size + (this.#underlying ? 1 : 0)
  }

  get received(): number {
    return this.#received
  }

  /** Quotes and underlying ticks that a newer one replaced before they were sent. */
  get superseded(): number {
    return this.#superseded
  }

  #addQuote(tick: QuoteTick): void {
    const held = this.#quotes.get(tick.contractId)
    if (held) this.#superseded++
    if (!held || tick.eventMs >= held.eventMs) this.#quotes.set(tick.contractId, tick)
  }

  #addUnderlying(tick: UnderlyingTick): void {
    if (this.#underlying) this.#superseded++
    if (!this.#underlying || tick.eventMs >= this.#underlying.eventMs) this.#underlying = tick
  }
}
