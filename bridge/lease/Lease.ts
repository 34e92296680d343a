import type { Clock } from '../clock/clock.ts'
import { backoffMs } from '../delivery/backoff.ts'
import type { AskLease, LeaseResult } from './askLease.ts'
import type { HolderId } from './holderId.ts'

export interface LeaseOptions {
  readonly ask: AskLease
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  readonly holder: HolderId
  /** Of the feed, for whoever is refused. */
  readonly source: string
}

/** The right to dial the vendor and to post under `epoch`. */
export interface Tenure {
  readonly epoch: number
  /** Aborts once another bridge has been granted the lease. */
  readonly lost: AbortSignal
  /** Stops renewing and gives the lease back; never rejects. `takenOver`: found out from the symbol's object. */
  end(takenOver: boolean): Promise<void>
}

export type Acquired =
  | { readonly kind: 'granted'; readonly tenure: Tenure }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string }

/** Told while the lease is waited for. */
export interface Waiting {
  /** Another bridge has it: this one is a standby. */
  readonly onHeld: (detail: string) => void
  readonly onTrouble: (ms: number, reason: string) => void
}

/** A standby has twelve seconds to take over, ten of which the lease may last. */
const BACKOFF = { baseMs: 100, capMs: 1_000 }
/** A server in trouble may ask for minutes, and be well again after a second. A request for the lease is small. */
const MAX_RETRY_AFTER_MS = 1_000
/** An answer of "free in 0 ms" must not become a loop. */
const MIN_WAIT_MS = 50
const MAX_CURABLE_REFUSALS = 5

export class Lease {
  readonly #options: LeaseOptions

  constructor(options: LeaseOptions) {
    this.#options = options
  }

  /** Asks until granted and confirmed, refused for good, or `signal` aborts. `lastEpoch`: the largest the journal knows. */
  async acquire(lastEpoch: number, signal: AbortSignal, { onHeld, onTrouble }: Waiting): Promise<Acquired> {
    const { ask, clock, random, holder, source } = this.#options
    let failures = 0
    let curable = 0
    while (!signal.aborted) {
      const askedMs = clock.now()
      const asked = await ask({ op: 'acquire', holder: holder.current, source, lastEpoch })
      const result = asked.kind === 'granted' ? await this.#confirm(asked.epoch, signal, onTrouble) : asked
      if (result.kind === 'granted') return { kind: 'granted', tenure: this.#hold(result) }
      if (result.kind === 'refused') return result
      if (result.kind === 'signAgain' && ++curable >= MAX_CURABLE_REFUSALS) {
        const detail = `refused ${curable} times in a row; compare this clock with the server's`
        return { kind: 'refused', code: result.reason, detail }
      }
      if (result.kind === 'held') {
        failures = curable = 0
        onHeld(result.detail)
        // Since it was asked for: an answer that came late would make this bridge come late.
        const passedMs = Math.max(0, clock.now() - askedMs)
        await clock.sleep(Math.max(MIN_WAIT_MS, result.retryAfterMs - passedMs), signal)
      } else {
        const ms = restMs(result, ++failures, random())
        onTrouble(ms, result.reason)
        await clock.sleep(ms, signal)
      }
    }
    return { kind: 'interrupted' }
  }

  /**
   * Renews a grant for the first time. Until then it is a short one, so that a request that its sender did not survive keeps
   * nobody waiting. Held: it came too late, and another bridge was faster.
   */
  async #confirm(
    epoch: number,
    signal: AbortSignal,
    onTrouble: Waiting['onTrouble'],
  ): Promise<Extract<LeaseResult, { kind: 'granted' | 'held' | 'refused' }>> {
    const { ask, clock, random, holder } = this.#options
    for (let failures = 1; !signal.aborted; failures++) {
      const askedMs = clock.now()
      const result = await ask({ op: 'renew', holder: holder.current, epoch })
      if (result.kind === 'held' || result.kind === 'refused') return result
      // Whoever slept through the whole renewal must not dial on it.
      if (result.kind === 'granted' && clock.now() - askedMs < result.ttlMs) return result
      if (result.kind === 'granted') continue
      const ms = restMs(result, failures, random())
      onTrouble(ms, result.reason)
      await clock.sleep(ms, signal)
    }
    return { kind: 'held', detail: 'interrupted', retryAfterMs: 0 }
  }

  #hold({ epoch, renewEveryMs }: Extract<LeaseResult, { kind: 'granted' }>): Tenure {
    const { ask, holder } = this.#options
    const held = holder.current
    const ended = new AbortController()
    const lost = new AbortController()
    void this.#renew(held, epoch, renewEveryMs, ended.signal).then((isLost) => {
      if (isLost) lost.abort()
    })
    return {
      epoch,
      lost: lost.signal,
      async end(takenOver) {
        ended.abort()
        if (takenOver || lost.signal.aborted) holder.redraw()
        // No harm when it is another's by now; when this post is lost, the lease ends by itself.
        await ask({ op: 'release', holder: held, epoch })
      },
    }
  }

  /**
   * Resolves true once told that the lease is another's, false once `ended`. Silence is not loss: a bridge that reaches
   * nobody keeps the feed it has, and its prints go to the journal, but it dials nothing new. If a standby was granted
   * the lease meanwhile, the first answer says so, and the epoch has fenced what was sent in between.
   */
  async #renew(holder: string, epoch: number, everyMs: number, ended: AbortSignal): Promise<boolean> {
    const { ask, clock, random } = this.#options
    let failures = 0
    let waitMs = everyMs
    for (;;) {
      await clock.sleep(waitMs, ended)
      if (ended.aborted) return false
      const result = await ask({ op: 'renew', holder, epoch })
      if (ended.aborted) return false
      if (result.kind === 'held' || result.kind === 'refused') return true
      failures = result.kind === 'granted' ? 0 : failures + 1
      waitMs = result.kind === 'granted' ? everyMs : restMs(result, failures, random())
    }
  }
}

function restMs(
  result: Extract<LeaseResult, { kind: 'unavailable' | 'signAgain' }>,
  failures: number,
  random: number,
): number {
  const wantedMs = result.kind === 'unavailable' ? (result.retryAfterMs ?? 0) : 0
  const floorMs = Math.min(wantedMs, MAX_RETRY_AFTER_MS)
  return Math.max(MIN_WAIT_MS, floorMs + backoffMs(failures, random, BACKOFF))
}
