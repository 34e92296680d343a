/**
 * Net exposure through time: one sample per five seconds of market time, the newest 2,000 kept (2 h 46 min). The last
 * frame of each five seconds is the sample, so that a chain still arriving in batches is not remembered half-filled.
 */

export const SAMPLE_EVERY_MS = 5_000
export const MAX_SAMPLES = 2_000

/** Absent values are NaN. */
export interface TimelineSample {
  readonly asOfMs: number
  readonly spot: number
  readonly netGex: number
  readonly nearestFlip: number
}

export class TimelineRing {
  /** Oldest first. */
  readonly #samples: TimelineSample[]

  constructor(samples: Iterable<TimelineSample> = []) {
    this.#samples = [...samples].slice(-MAX_SAMPLES)
  }

  /** Takes the sample in place of one from the same five seconds. When market time went back (a replay starts over), later samples go. */
  offer(sample: TimelineSample): void {
    let newest = this.#samples.at(-1)
    while (newest !== undefined && newest.asOfMs > sample.asOfMs) {
      this.#samples.pop()
      newest = this.#samples.at(-1)
    }
    if (newest !== undefined && intervalOf(newest) === intervalOf(sample)) this.#samples.pop()
    this.#samples.push(sample)
    if (this.#samples.length > MAX_SAMPLES) this.#samples.shift()
  }

  /** For a market that has nothing to do with the one before. */
  clear(): void {
    this.#samples.length = 0
  }

  samples(): readonly TimelineSample[] {
    return this.#samples
  }
}

function intervalOf({ asOfMs }: TimelineSample): number {
  return Math.floor(asOfMs / SAMPLE_EVERY_MS)
}
