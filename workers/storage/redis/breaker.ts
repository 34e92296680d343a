/**
 * A circuit breaker: after a few failures in a row the other side is left alone, then one call at a time probes it.
 * Pure: it is told what happened and when.
 */
export interface BreakerRules {
  readonly failuresToOpen: number
  readonly openMs: number
}

export interface Breaker {
  /** In a row. */
  readonly failures: number
  /** No call before this; null while closed, which lets every call through. */
  readonly openUntilMs: number | null
}

/** To begin with, and after every success. */
export const CLOSED: Breaker = { failures: 0, openUntilMs: null }

/** Null: do not call. A probe holds the place for `openMs`, so that one that never comes back is not the last one. */
export function admitCall(breaker: Breaker, rules: BreakerRules, nowMs: number): Breaker | null {
  if (breaker.openUntilMs === null) return breaker
  return nowMs < breaker.openUntilMs ? null : { ...breaker, openUntilMs: nowMs + rules.openMs }
}

export function afterFailure(breaker: Breaker, rules: BreakerRules, nowMs: number): Breaker {
  const failures = breaker.failures + 1
  const isOpen = failures >= rules.failuresToOpen
  return { failures, openUntilMs: isOpen ? nowMs + rules.openMs : null }
}
