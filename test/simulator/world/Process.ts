import type { World } from './World.ts'

/**
 * Something that can be killed and frozen. A killed process loses whatever it had planned; a frozen one (SIGSTOP, a
 * closed laptop) does everything late that was due meanwhile, in order, while its clock went on.
 */
export class Process {
  readonly name: string
  readonly world: World
  /** By how much its clock is ahead. */
  readonly skewMs: number
  /** Of its life; what another life planned does not happen. */
  life = 0
  isAlive = true
  #isFrozen = false
  #missed: (() => void)[] = []

  constructor(world: World, name: string, skewMs: number) {
    this.world = world
    this.name = name
    this.skewMs = skewMs
  }

  get isFrozen(): boolean {
    return this.#isFrozen
  }

  nowMs(): number {
    return this.world.nowMs + this.skewMs
  }

  say(what: string): void {
    this.world.say(this.name, what)
  }

  /** Plans `run` in this life. Returns the cancellation. */
  after(delayMs: number, run: () => void): () => void {
    const { life } = this
    let isWanted = true
    this.world.after(delayMs, () => this.#act(() => isWanted && life === this.life && this.isAlive, run))
    return () => {
      isWanted = false
    }
  }

  /** For `Clock`: resolves after `ms` of this life, or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    const wake = () => {
      cancel()
      signal?.removeEventListener('abort', wake)
      resolve()
    }
    const cancel = this.after(ms, wake)
    signal?.addEventListener('abort', wake)
    return promise
  }

  kill(): void {
    this.life++
    this.isAlive = false
    this.#isFrozen = false
    this.#missed = []
  }

  start(): void {
    this.isAlive = true
  }

  freeze(): void {
    this.#isFrozen = true
  }

  /** What was missed comes before anything else. */
  thaw(): void {
    this.#isFrozen = false
    for (const run of this.#missed.splice(0)) run()
  }

  #act(isWanted: () => boolean, run: () => void): void {
    if (!isWanted()) return
    if (this.#isFrozen) {
      this.#missed.push(() => this.#act(isWanted, run))
      return
    }
    this.world.events++
    run()
  }
}
