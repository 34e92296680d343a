/**
 * Who may dial the vendor of a symbol. Pure: a request and a clock in, the next state and the answer out.
 *
 * Two promises of unequal strength. Epochs strictly rise with every grant, whatever clocks do, and the symbol's object
 * refuses lower ones: that alone keeps the data right. One live holder at a time holds as far as clocks run at the same
 * rate: that keeps a second bridge from dialling. See M. Kleppmann, "How to do distributed locking", 2016, for why the
 * second without the first would not do.
 */
import {
  LEASE_RENEW_EVERY_MS,
  LEASE_TTL_MS,
  type LeaseAnswer,
  type LeaseGranted,
  type LeaseRequest,
} from '#schemas/ingest/lease'

export interface LeaseState {
  /** The newest one granted; 0 before the first. */
  readonly epoch: number
  /** Null once released, and before the first grant. */
  readonly holder: string | null
  readonly source: string
  /** By the object's own clock. */
  readonly untilMs: number
}

export const NO_LEASE: LeaseState = { epoch: 0, holder: null, source: '', untilMs: 0 }

export interface LeaseDecision {
  readonly state: LeaseState
  readonly answer: LeaseAnswer
}

export function decideLease(stored: LeaseState, request: LeaseRequest, nowMs: number): LeaseDecision {
  // After the clock has jumped back, a grant must not outlast its time by as much as the jump.
  const state = { ...stored, untilMs: Math.min(stored.untilMs, nowMs + LEASE_TTL_MS) }
  switch (request.op) {
    case 'acquire':
      return acquire(state, request, nowMs)
    case 'renew':
      // Late is not too late: nobody else was granted it, or the epoch would be another.
      return isHeldBy(state, request) ? grant(state, nowMs) : refuse(state, nowMs)
    case 'release':
      return release(state, request)
  }
}

/** The holder itself gets a new epoch at once: it has lost the answer, or its process has died and is back. */
function acquire(
  state: LeaseState,
  { holder, source, lastEpoch }: Extract<LeaseRequest, { op: 'acquire' }>,
  nowMs: number,
): LeaseDecision {
  if (remainingMs(state, nowMs) > 0 && state.holder !== holder) return refuse(state, nowMs)
  const epoch = Math.max(state.epoch, lastEpoch) + 1
  return grant({ ...state, epoch, holder, source }, nowMs)
}

/** Releasing what is not held any more is no error: it is what was wanted. */
function release(state: LeaseState, request: Extract<LeaseRequest, { op: 'release' }>): LeaseDecision {
  const next = isHeldBy(state, request) ? { ...state, holder: null, untilMs: 0 } : state
  return { state: next, answer: granted(request.epoch, 0) }
}

function grant(state: LeaseState, nowMs: number): LeaseDecision {
  return { state: { ...state, untilMs: nowMs + LEASE_TTL_MS }, answer: granted(state.epoch, LEASE_TTL_MS) }
}

function granted(epoch: number, ttlMs: number): LeaseGranted {
  return { ok: true, epoch, ttlMs, renewEveryMs: LEASE_RENEW_EVERY_MS }
}

function refuse(state: LeaseState, nowMs: number): LeaseDecision {
  const retryAfterMs = remainingMs(state, nowMs)
  const detail =
    retryAfterMs > 0
      ? `expected a free lease, was held under epoch ${state.epoch} by ${state.holder} (${state.source})`
      : `expected epoch ${state.epoch} and its holder, was another`
  return { state, answer: { ok: false, code: 'lease_held', detail, retryAfterMs } }
}

function isHeldBy(state: LeaseState, { holder, epoch }: { holder: string; epoch: number }): boolean {
  return state.holder === holder && state.epoch === epoch
}

function remainingMs({ holder, untilMs }: LeaseState, nowMs: number): number {
  return holder === null ? 0 : Math.max(0, untilMs - nowMs)
}
