/** Runs named alarms on the one alarm of an object: keeps them saved, armed, and out of each other's way. */
import type { Alarms } from './alarms.ts'

export interface AlarmHost<Name extends string> {
  save(entries: [Name, number][]): void
  setAlarm(atMs: number): void
  failed(name: Name, error: unknown): void
}

export class AlarmRunner<Name extends string> {
  readonly #alarms: Alarms<Name>
  readonly #host: AlarmHost<Name>

  constructor(alarms: Alarms<Name>, host: AlarmHost<Name>) {
    this.#alarms = alarms
    this.#host = host
  }

  /** Makes what was scheduled durable. Cheap when nothing changed. */
  arm(nowMs: number): void {
    if (this.#alarms.takeChanged()) this.#host.save(this.#alarms.entries())
    const atMs = this.#alarms.armAt(nowMs)
    if (atMs !== null) this.#host.setAlarm(atMs)
  }

  /**
   * Runs what is due. Never throws, because the platform gives up on an alarm that keeps throwing; what is due is put
   * back `retryMs` ahead, and the alarm armed, before any of it runs.
   */
  async runDue(
    now: () => number,
    retryMs: number,
    run: (name: Name, nowMs: number) => Promise<void>,
  ): Promise<void> {
    const due = this.#alarms.takeDue(now(), retryMs)
    this.arm(now())
    for (const name of due) {
      try {
        // One at a time: each leaves the schedule right before the next looks at it.
        // oxlint-disable-next-line no-await-in-loop
        await run(name, now())
      } catch (error) {
        this.#host.failed(name, error)
      }
    }
    this.arm(now())
  }
}
