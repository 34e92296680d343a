import type { Process } from './Process.ts'

interface Write {
  readonly store: () => void
  /** What was said after it and may leave once it is confirmed. */
  readonly held: (() => void)[]
}

/**
 * A Durable Object's storage as its output gate sees it: writes are confirmed a little later and in order, and nothing
 * said after a write leaves the object before that. A killed object leaves some first part of what was not confirmed on
 * disk, and says nothing more.
 */
export class GatedStorage {
  readonly #process: Process
  readonly #holdsOutputs: boolean
  #unconfirmed: Write[] = []

  /** `holdsOutputs` false: the gate is broken. */
  constructor(process: Process, holdsOutputs: boolean) {
    this.#process = process
    this.#holdsOutputs = holdsOutputs
  }

  /** `store` changes what a restart will find. */
  write(store: () => void): void {
    const write = { store, held: [] }
    this.#unconfirmed.push(write)
    this.#process.after(this.#process.world.between(1, 25), () => this.#confirmUpTo(write))
  }

  say(leave: () => void): void {
    const newest = this.#unconfirmed.at(-1)
    if (newest === undefined || !this.#holdsOutputs) leave()
    else newest.held.push(leave)
  }

  /** For a kill. */
  lose(): void {
    const { world } = this.#process
    const kept = world.random.integer(this.#unconfirmed.length + 1)
    for (const { store } of this.#unconfirmed.slice(0, kept)) store()
    this.#unconfirmed = []
  }

  #confirmUpTo(write: Write): void {
    // Those before are confirmed with it; it may have been confirmed with a later one.
    const count = this.#unconfirmed.indexOf(write) + 1
    for (const { store, held } of this.#unconfirmed.splice(0, count)) {
      store()
      for (const leave of held) leave()
    }
  }
}
