/**
 * When to dial a vendor again whose feed has failed by itself, and whether to keep the lease meanwhile. Every dial takes a
 * new epoch, so the lease is asked for again in either case. Pure.
 */
import { LEASE_TTL_MS } from '#schemas/ingest/lease'
import { backoffMs } from '../delivery/backoff.ts'
import { LEASE_TIMEOUT_MS } from '../lease/askLease.ts'

const BACKOFF = { baseMs: 1_000, capMs: 30_000 }
/** What fails here so often may work elsewhere: at another host, with another key. */
const FAILURES_BEFORE_GIVING_UP = 3
/** A standby asks when the lease would have ended; only after that may this bridge ask again. */
const STAND_ASIDE_MS = LEASE_TTL_MS + LEASE_TIMEOUT_MS
/** A feed that ran for so long had recovered before it failed. */
const STABLE_MS = 60_000

export interface FeedFailure {
  readonly inARow: number
  readonly detail: string
}

export interface Redial {
  readonly delayMs: number
  readonly keepsLease: boolean
}

/** `random` is in [0, 1). */
export function redial({ inARow }: FeedFailure, random: number): Redial {
  if (inARow < FAILURES_BEFORE_GIVING_UP) {
    return { delayMs: backoffMs(inARow, random, BACKOFF), keepsLease: true }
  }
  const delayMs = Math.round(STAND_ASIDE_MS + random * (BACKOFF.capMs - STAND_ASIDE_MS))
  return { delayMs, keepsLease: false }
}

export function isFailing(failure: FeedFailure | null): boolean {
  return failure !== null && failure.inARow >= FAILURES_BEFORE_GIVING_UP
}

/** Counts in a row, as long as no run in between was a stable one. */
export class FeedFailures {
  #newest: FeedFailure | null = null
  #dialledMs: number | null = null

  /** Null without a failure since the last stable run. */
  current(nowMs: number): FeedFailure | null {
    const isStable = this.#dialledMs !== null && nowMs - this.#dialledMs >= STABLE_MS
    return isStable ? null : this.#newest
  }

  dialled(nowMs: number): void {
    this.#dialledMs = nowMs
  }

  failed(detail: string, nowMs: number): FeedFailure {
    const failure = { inARow: (this.current(nowMs)?.inARow ?? 0) + 1, detail }
    this.#newest = failure
    this.#dialledMs = null
    return failure
  }
}
