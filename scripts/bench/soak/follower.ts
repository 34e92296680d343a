/** Holds a server to its word about one channel: what one viewer of a crowd was promised, and what it got. */
import type { Position } from '#schemas/stream/messages'

export interface Word {
  frames: number
  /** Answers to a subscription with a position. */
  resumes: number
  recovered: number
  /** `recovered` was not what the window says. */
  wrong: number
  /** A frame whose predecessor is not the one held, or a promised frame that was replaced. */
  gaps: number
  duplicates: number
}

export const NOTHING: Word = { frames: 0, resumes: 0, recovered: 0, wrong: 0, gaps: 0, duplicates: 0 }

/** Where to go on from: what is held, an earlier frame that the window must have, or an epoch that never was. */
export type Resume = 'held' | 'earlier' | 'foreign'

export class Follower {
  readonly #word: Word
  #held: Position | null = null
  /** Of the snapshot last begun with: the relay has every frame since. */
  #first = 0
  #asked: { readonly from: Position; readonly isDue: boolean } | null = null
  #promised = 0
  #isSnapshotDue = true

  constructor(word: Word) {
    this.#word = word
  }

  get held(): Position | null {
    return this.#held
  }

  /** The position to subscribe with; `draw` is uniform in [0, 1). Null before the first frame. */
  resume(kind: Resume, draw: number): Position | null {
    if (this.#held === null) return null
    const { epoch, sequence } = this.#held
    const back = kind === 'earlier' ? Math.floor(draw * (sequence - this.#first + 1)) : 0
    const from = kind === 'foreign' ? { epoch: epoch + 1, sequence } : { epoch, sequence: sequence - back }
    this.#asked = { from, isDue: kind !== 'foreign' }
    return from
  }

  subscribed(at: Position, recovered: boolean): void {
    this.#isSnapshotDue = !recovered
    this.#promised = recovered ? at.sequence : 0
    if (this.#asked === null) return
    this.#word.resumes++
    if (recovered) {
      this.#word.recovered++
      this.#held = this.#asked.from
    }
    if (recovered !== this.#asked.isDue) this.#word.wrong++
    this.#asked = null
  }

  snapshot(position: Position): void {
    this.#word.frames++
    if (!this.#isSnapshotDue && position.sequence <= this.#promised) this.#word.gaps++
    if (this.#isSnapshotDue) this.#first = position.sequence
    this.#isSnapshotDue = false
    this.#held = position
  }

  delta({ epoch, sequence }: Position, previous: number): void {
    this.#word.frames++
    const held = this.#held
    if (this.#isSnapshotDue || held === null || held.epoch !== epoch) this.#word.gaps++
    else if (sequence <= held.sequence) this.#word.duplicates++
    else if (previous !== held.sequence) this.#word.gaps++
    this.#isSnapshotDue = false
    this.#held = { epoch, sequence }
  }
}
