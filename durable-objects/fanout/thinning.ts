/**
 * A channel at a slower cadence: time is cut into intervals, and of each the last frame is taken. In which interval a
 * frame lies is told by its own time and by its channel, so that whoever thins the same frames takes the same ones. The
 * channel is in it because not all channels should have their frames to send at the same moment. Pure; holds no timer,
 * but says when the frame held back is to be taken although none came after it.
 */
import { crc32 } from '#schemas/binary/crc32'
import type { GammaFrame } from '#schemas/frame/gamma'

/** A frame of the interval may still be on its way when the interval ends; where it is late, others take another frame. */
const GRACE_MS = 50

export class Thinning {
  readonly #everyMs: number
  readonly #phaseMs: number
  /** Taken or not. */
  #newest: GammaFrame | null = null
  /** Names the one taken before it as its predecessor. */
  #taken: GammaFrame | null = null
  /** Of the frame taken last, and of the newest if that is held back. */
  #interval = Number.NEGATIVE_INFINITY
  #dueMs: number | null = null

  constructor(channel: string, everyMs: number) {
    this.#everyMs = everyMs
    this.#phaseMs = crc32(new TextEncoder().encode(channel)) % everyMs
  }

  /** When `flush` takes the newest frame; null while nothing is held back. */
  get dueMs(): number | null {
    return this.#dueMs
  }

  /**
   * The next frame. Returns the one that it shows to be the last of its interval, with the predecessor it has here; or
   * itself, as it is, where it follows nothing: the stream begins anew.
   */
  next(frame: GammaFrame, nowMs: number): GammaFrame | null {
    const before = this.#newest
    this.#newest = frame
    if (before === null || frame.epoch !== before.epoch || frame.previous !== before.sequence) {
      return this.#begin(frame)
    }
    const interval = this.#intervalOf(frame)
    const taken = this.#dueMs !== null && interval > this.#interval ? this.#take(before) : null
    if (this.#dueMs === null) this.#hold(frame, interval, nowMs)
    return taken
  }

  /** The newest frame if it has been held back for long enough. */
  flush(nowMs: number): GammaFrame | null {
    if (this.#newest === null || this.#dueMs === null || this.#dueMs > nowMs) return null
    return this.#take(this.#newest)
  }

  #begin(frame: GammaFrame): GammaFrame {
    this.#taken = frame
    // Its interval has a last frame of its own to come, with which this stream falls in step with all others.
    this.#interval = this.#intervalOf(frame) - 1
    this.#dueMs = null
    return frame
  }

  /** Whatever its time says: one frame an interval, and none held back for longer than one. */
  #hold(frame: GammaFrame, interval: number, nowMs: number): void {
    this.#interval = Math.max(interval, this.#interval + 1)
    const endMs = (this.#interval + 1) * this.#everyMs - this.#phaseMs
    this.#dueMs = nowMs + Math.min(endMs - frame.publishedMs + GRACE_MS, this.#everyMs)
  }

  #take(frame: GammaFrame): GammaFrame {
    this.#taken = { ...frame, previous: this.#taken?.sequence ?? frame.previous }
    this.#dueMs = null
    return this.#taken
  }

  #intervalOf({ publishedMs }: GammaFrame): number {
    return Math.floor((publishedMs + this.#phaseMs) / this.#everyMs)
  }
}
