/**
 * How many bytes went to the listeners of one channel in one encoding, and how many up to each mark. A mark goes with
 * what is broadcast, the sequence of a frame or the time of figures, and a listener that names one has read up to there:
 * the platform shows no backlog of a socket. One for all listeners, who all get the same. Pure.
 */
import { STREAM_LIMITS } from '#schemas/stream/protocol'

export class BroadcastLedger {
  #total = 0
  readonly #marks: { readonly mark: number; total: number }[] = []

  get total(): number {
    return this.#total
  }

  /** Returns the total with it. */
  sent(mark: number, bytes: number): number {
    this.#total += bytes
    const newest = this.#marks.at(-1)
    if (newest?.mark === mark) newest.total = this.#total
    else this.#marks.push({ mark, total: this.#total })
    // Whoever has read no further than that is closed.
    const oldestOfUse = this.#total - STREAM_LIMITS.unreadBytes
    while ((this.#marks[0]?.total ?? oldestOfUse) < oldestOfUse) this.#marks.shift()
    return this.#total
  }

  /** What had been sent up to a mark; null for one that is not known, or not any more. */
  totalAt(mark: number): number | null {
    return this.#marks.findLast((entry) => entry.mark === mark)?.total ?? null
  }
}
