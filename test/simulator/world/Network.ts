import type { Process } from './Process.ts'
import type { World } from './World.ts'

/** How bad the network of one run is. */
export interface Weather {
  readonly maxDelayMs: number
  readonly loss: number
  readonly doubling: number
}

/** Messages between processes: late, in any order, lost, doubled, and none at all across a cut. */
export class Network {
  readonly #world: World
  readonly #weather: Weather
  readonly #cuts = new Set<string>()

  constructor(world: World, weather: Weather) {
    this.#world = world
    this.#weather = weather
  }

  cut(a: Process, b: Process): void {
    this.#cuts.add(pairOf(a, b))
  }

  join(a: Process, b: Process): void {
    this.#cuts.delete(pairOf(a, b))
  }

  isCut(a: Process, b: Process): boolean {
    return this.#cuts.has(pairOf(a, b))
  }

  /** Now and then a message takes much longer than the others; none does once the run has calmed down. */
  delayMs(): number {
    const { maxDelayMs } = this.#weather
    const world = this.#world
    if (!world.isRough) return world.between(1, 5)
    return world.chance(0.03) ? world.between(maxDelayMs, 10 * maxDelayMs) : world.between(1, maxDelayMs)
  }

  /**
   * A request and its answer. `serve` runs at the receiver, twice if the request was doubled; `answered` runs once, with
   * null when no answer came in time or the receiver was gone.
   */
  call<T>(
    from: Process,
    to: Process,
    timeoutMs: number,
    serve: (reply: (answer: T) => void) => void,
    answered: (answer: T | null) => void,
  ): void {
    const { life } = from
    let isOpen = true
    const settle = (answer: T | null) => {
      if (!isOpen || from.life !== life) return
      isOpen = false
      cancelTimeout()
      answered(answer)
    }
    const cancelTimeout = from.after(timeoutMs, () => settle(null))
    const reply = (answer: T) => this.#send(to, from, () => settle(answer))
    const copies = this.#world.chance(this.#weather.doubling) ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      const isGone = () => this.#send(to, from, () => settle(null))
      this.#send(from, to, () => serve(reply), isGone)
    }
  }

  /** `isGone` runs instead of `deliver` when there is nobody to deliver to. */
  #send(from: Process, to: Process, deliver: () => void, isGone: () => void = () => {}): void {
    if (this.isCut(from, to) || this.#world.chance(this.#weather.loss)) return
    const delayMs = this.delayMs()
    if (to.isAlive) to.after(delayMs, deliver)
    else this.#world.after(delayMs, isGone)
  }
}

function pairOf(a: Process, b: Process): string {
  return a.name < b.name ? `${a.name}|${b.name}` : `${b.name}|${a.name}`
}
