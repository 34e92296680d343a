/** What is to happen, in the order of its time; what is due at one instant, in the order it was planned. */
export interface Planned {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
}

export class Schedule {
  /** A binary heap. */
  readonly #heap: Planned[] = []
  #order = 0

  add(atMs: number, run: () => void): void {
    const heap = this.#heap
    const planned = { atMs, order: this.#order++, run }
    let at = heap.length
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent] as Planned
      if (isBefore(above, planned)) break
      heap[at] = above
      at = parent
    }
    heap[at] = planned
  }

  /** Takes out what is due next; null when nothing is planned. */
  next(): Planned | null {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined) return null
    if (heap.length > 0) this.#sink(last)
    return first
  }

  #sink(planned: Planned): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      const right = heap[child + 1]
      if (right !== undefined && isBefore(right, heap[child] as Planned)) child++
      const below = heap[child] as Planned
      if (isBefore(planned, below)) break
      heap[at] = below
      at = child
    }
    heap[at] = planned
  }
}

function isBefore(a: Planned, b: Planned): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}
