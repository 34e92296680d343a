import { setImmediate as nextTurn } from 'node:timers/promises'
import { hash32, hashText, Random } from '#bridge/feeds/synthetic/Random'
import { Schedule } from './Schedule.ts'

/** A promise of the system that an event has broken. */
export class Violation extends Error {}

/** Half past ten in New York on a Friday: the session is open and stays so. */
export const START_MS = Date.UTC(2026, 10, 20, 15, 30)

/**
 * One clock, one schedule and all chance of a simulated run. Nothing in a run reads another clock or draws other random
 * numbers, so its seed decides every event of it.
 */
export class World {
  readonly seed: number
  readonly random: Random
  /** What happened, for a person; `hash` is over all of it. */
  readonly trace: string[] = []
  nowMs = START_MS
  events = 0
  hash = 0
  /** Chance of faults; false once the run only has to come to rest. */
  isRough = true
  /** The first one. It ends the run only with its event, because a promise would swallow it. */
  #violation: Violation | null = null
  readonly #schedule = new Schedule()

  constructor(seed: number) {
    this.seed = seed
    this.random = new Random(seed, 'world')
  }

  after(delayMs: number, run: () => void): void {
    this.#schedule.add(this.nowMs + Math.max(0, Math.ceil(delayMs)), run)
  }

  /** Runs what is due next. False when nothing is planned. */
  async step(): Promise<boolean> {
    const planned = this.#schedule.next()
    if (planned === null) return false
    this.nowMs = Math.max(this.nowMs, planned.atMs)
    try {
      planned.run()
    } catch (error) {
      // What follows from a broken promise is of no interest.
      throw this.#violation ?? error
    }
    await this.settle()
    return true
  }

  /** Until everything that has begun waits for something planned. */
  async settle(): Promise<void> {
    await nextTurn()
    if (this.#violation !== null) throw this.#violation
  }

  say(who: string, what: string): void {
    this.trace.push(`${((this.nowMs - START_MS) / 1000).toFixed(3)} ${who} ${what}`)
    this.hash = hash32(this.hash, hashText(what) ^ hashText(who) ^ Math.round(this.nowMs - START_MS))
  }

  /** True in `probability` of all cases while the run is rough. */
  chance(probability: number): boolean {
    return this.random.uniform() < probability && this.isRough
  }

  between(low: number, high: number): number {
    return low + Math.round(this.random.uniform() * (high - low))
  }

  pick<T>(values: readonly T[]): T {
    return values[this.random.integer(values.length)] as T
  }

  check(holds: boolean, promise: string, detail: () => string): void {
    if (!holds) this.#violation ??= new Violation(`${promise}: ${detail()}`)
  }
}
