import type { Keeper } from './DelayedStates.ts'
import type { KeptState } from './keptStates.ts'

/** The store of kept states without a database; counts how often one is read. */
export class MemoryKeeper implements Keeper {
  kept: readonly KeptState[] = []
  reads = 0
  readonly #bytes = new Map<number, Uint8Array>()

  keep(needed: readonly KeptState[], state: Omit<KeptState, 'slot' | 'pieces'>, bytes: Uint8Array): void {
    this.#bytes.set(state.takenMs, bytes)
    this.kept = [...needed, { ...state, slot: 0, pieces: 1 }]
  }

  retain(needed: readonly KeptState[]): void {
    this.kept = needed
  }

  read({ takenMs }: KeptState): Uint8Array {
    this.reads += 1
    return this.#bytes.get(takenMs) ?? new Uint8Array()
  }
}
