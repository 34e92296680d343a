/**
 * Several named alarms over the one alarm an object has. Pure: the owner persists `entries()` when `takeChanged()`
 * says so and hands `armAt()` to the platform.
 *
 * The platform drops an alarm for good after six failed tries, and may report one that never fires. So work that is
 * due is put back on the list before it runs, and an alarm that is overdue by more than `OVERDUE_MS` is set again
 * whenever anybody calls `armAt`.
 */

/** How long a due alarm may be late before it is taken for lost. */
export const OVERDUE_MS = 60_000

export class Alarms<Name extends string> {
  readonly #dueMs: Map<Name, number>
  #armedForMs: number | null = null
  #changed = false

  constructor(entries: Iterable<readonly [Name, number]> = []) {
    this.#dueMs = new Map(entries)
  }

  /** Runs `name` at `dueMs` or, if it was to run earlier, then. */
  ensureBy(name: Name, dueMs: number): void {
    const held = this.#dueMs.get(name)
    if (held === undefined || dueMs < held) this.set(name, dueMs)
  }

  set(name: Name, dueMs: number): void {
    this.#dueMs.set(name, dueMs)
    this.#changed = true
  }

  has(name: Name): boolean {
    return this.#dueMs.has(name)
  }

  cancel(name: Name): void {
    if (this.#dueMs.delete(name)) this.#changed = true
  }

  /** Names due at `nowMs`, earliest first. Each is put back at `retryMs` from now until its work cancels or sets it. */
  takeDue(nowMs: number, retryMs: number): Name[] {
    this.#armedForMs = null
    const due = this.entries().filter(([, dueMs]) => dueMs <= nowMs)
    for (const [name] of due) this.set(name, nowMs + retryMs)
    return due.map(([name]) => name)
  }

  /** The instant to set the platform's alarm to, or null when it is right as it is. */
  armAt(nowMs: number): number | null {
    const next = this.entries()[0]?.[1]
    if (next === undefined) return null
    const armed = this.#armedForMs
    if (armed !== null && armed <= next && nowMs - armed <= OVERDUE_MS) return null
    this.#armedForMs = Math.max(next, nowMs)
    return this.#armedForMs
  }

  /** Sorted by due time. */
  entries(): [Name, number][] {
    return [...this.#dueMs].sort((a, b) => a[1] - b[1])
  }

  /** True once after each change. */
  takeChanged(): boolean {
    const changed = this.#changed
    this.#changed = false
    return changed
  }
}
