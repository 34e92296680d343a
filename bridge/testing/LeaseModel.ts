import type { LeaseAnswer, LeaseRequest } from '#schemas/ingest/lease'
import type { Acquired, Lease } from '../lease/Lease.ts'

/** What the lease object at the other end does, reduced to what the bridge's tests need. */
export class LeaseModel {
  readonly #ttlMs: number
  readonly #now: () => number
  epoch = 0
  holder: string | null = null
  #untilMs = 0

  constructor(ttlMs: number, now: () => number) {
    this.#ttlMs = ttlMs
    this.#now = now
  }

  decide(request: LeaseRequest): LeaseAnswer {
    const nowMs = this.#now()
    const isHolder = this.holder === request.holder
    if (request.op === 'acquire') {
      if (this.holder !== null && !isHolder && nowMs < this.#untilMs) return this.#held(nowMs)
      this.holder = request.holder
      this.epoch = Math.max(this.epoch, request.lastEpoch) + 1
    } else if (!isHolder || request.epoch !== this.epoch) {
      return this.#held(nowMs)
    }
    if (request.op === 'release') this.holder = null
    this.#untilMs = nowMs + this.#ttlMs
    return { ok: true, epoch: this.epoch, ttlMs: this.#ttlMs, renewEveryMs: this.#ttlMs / 4 }
  }

  #held(nowMs: number): LeaseAnswer {
    const retryAfterMs = Math.max(0, this.#untilMs - nowMs)
    return { ok: false, code: 'lease_held', detail: `held by ${this.holder}`, retryAfterMs }
  }
}

/** A lease that is granted at once, above `seen` as well; `lose` ends the newest tenure as a takeover would. */
export function undisputedLease(
  seen: () => number = () => 0,
): Pick<Lease, 'acquire'> & { lose(): void; readonly ended: boolean[] } {
  let lost = new AbortController()
  const ended: boolean[] = []
  return {
    ended,
    lose: () => lost.abort(),
    async acquire(lastEpoch): Promise<Acquired> {
      lost = new AbortController()
      const tenure = {
        epoch: Math.max(lastEpoch, seen()) + 1,
        lost: lost.signal,
        async end(takenOver: boolean) {
          ended.push(takenOver)
        },
      }
      return { kind: 'granted', tenure }
    },
  }
}
