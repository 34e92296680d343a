import type { PostResult } from '../delivery/answer.ts'

export interface PipelineLog {
  readonly level: 'info' | 'warn' | 'error'
  readonly event: string
  readonly detail: string
}

/** Counts what happens to the batches of one symbol, and says so when it is news: the first failure and the recovery. */
export class PipelineMonitor {
  readonly #log: (event: PipelineLog) => void
  #accepted = 0
  #duplicates = 0
  #flagged = 0
  #retries = 0
  #lastFailure: string | null = null

  constructor(log: (event: PipelineLog) => void) {
    this.#log = log
  }

  get counts() {
    return {
      batchesAccepted: this.#accepted,
      duplicates: this.#duplicates,
      ticksFlagged: this.#flagged,
      retries: this.#retries,
      lastFailure: this.#lastFailure,
    }
  }

  attempted(result: PostResult): void {
    if (result.kind !== 'accepted') return
    this.#accepted++
    this.#flagged += result.flagged
    if (result.duplicate) this.#duplicates++
    if (this.#lastFailure) this.say('info', 'recovered', `after ${this.#lastFailure}`)
    this.#lastFailure = null
  }

  resting(ms: number, reason: string): void {
    this.#retries++
    if (this.#lastFailure !== reason) this.say('warn', 'retrying', `${reason}; next attempt in ${ms} ms`)
    this.#lastFailure = reason
  }

  say(level: PipelineLog['level'], event: string, detail: string): void {
    this.#log({ level, event, detail })
  }
}
