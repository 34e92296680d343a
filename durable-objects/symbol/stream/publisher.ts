/**
 * When a frame goes out and which place it takes in the stream. At most one frame per cadence however many batches
 * arrive: the first after a pause leaves at once, the rest are folded into the frame at the end of the interval. A frame
 * that only adds what the object makes of a batch keeps to the cadence, but the next batch does not wait for it.
 * Holds no timer; the owner arms a one-shot timer for the delay it is told, so that a quiet symbol has none and its
 * object can hibernate.
 */

export const FRAME_CADENCE_MS = 500

export interface StreamPosition {
  readonly epoch: number
  readonly sequence: number
  /** Sequence of the frame before, 0 on the first. */
  readonly previous: number
}

export class Publisher {
  readonly #cadenceMs: number
  #epoch: number | null = null
  #sequence = 0
  #lastMs: number | null = null
  #dueMs: number | null = null
  #hasNews = false

  constructor(cadenceMs: number = FRAME_CADENCE_MS) {
    this.#cadenceMs = cadenceMs
  }

  /** A batch came in. Returns the delay to arm the timer with, or null when a frame is due already. */
  request(nowMs: number): number | null {
    this.#hasNews = true
    return this.requestAddition(nowMs)
  }

  /** The same, for something to add to the frame before. */
  requestAddition(nowMs: number): number | null {
    if (this.#dueMs !== null) return null
    const earliest = this.#lastMs === null ? nowMs : this.#lastMs + this.#cadenceMs
    this.#dueMs = Math.max(nowMs, earliest)
    return this.#dueMs - nowMs
  }

  /** The timer fired or was cancelled: the next request arms a new one. */
  timerEnded(): void {
    this.#dueMs = null
  }

  /**
   * The place of the frame going out now. `startEpoch` is asked once, before the first frame of this life of the
   * object, and must answer a number larger than in any life before.
   */
  publish(nowMs: number, startEpoch: () => number): StreamPosition {
    this.#epoch ??= startEpoch()
    if (this.#hasNews) this.#lastMs = nowMs
    this.#hasNews = false
    this.#sequence += 1
    return { epoch: this.#epoch, sequence: this.#sequence, previous: this.#sequence - 1 }
  }
}
