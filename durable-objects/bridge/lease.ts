/**
 * Who may dial the vendor of a symbol. Pure: a request and a clock in, the next state and the answer out.
 *
 * Two promises of unequal strength. Epochs strictly rise with every grant, whatever clocks do, and the symbol's object
 * refuses lower ones: that alone keeps the data right. One live holder at a time holds as far as clocks run at the same
 * rate: that keeps a second bridge from dialling. See M. Kleppmann, "How to do distributed locking", 2016, for why the
 * second without the first would not do.
 */
import {
  LEASE_CONFIRM_EVERY_MS,
  LEASE_CONFIRM_WITHIN_MS,
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
  /** The holder's newest request: when it was signed, by the holder's clock … */
  readonly signedMs: number
  /** … and when it was heard, by the object's. */
  readonly heardMs: number
}

export const NO_LEASE: LeaseState = {
  epoch: 0,
  holder: null,
  source: '',
  untilMs: 0,
  signedMs: -Infinity,
  heardMs: 0,
}

interface Term {
  readonly ttlMs: number
  readonly renewEveryMs: number
}
const HELD: Term = { ttlMs: LEASE_TTL_MS, renewEveryMs: LEASE_RENEW_EVERY_MS }
const UNCONFIRMED: Term = { ttlMs: LEASE_CONFIRM_WITHIN_MS, renewEveryMs: LEASE_CONFIRM_EVERY_MS }

/** `signedMs`: when, by the asker's clock, whose requests all have another. */
export type SignedLeaseRequest = LeaseRequest & { readonly signedMs: number }

export interface LeaseDecision {
  readonly state: LeaseState
  readonly answer: LeaseAnswer
}

export function decideLease(stored: LeaseState, request: SignedLeaseRequest, nowMs: number): LeaseDecision {
  // After the clock has jumped back, a grant must not outlast its time by as much as the jump.
  const untilMs = Math.min(stored.untilMs, nowMs + LEASE_TTL_MS)
  const state = { ...stored, untilMs, heardMs: Math.min(stored.heardMs, nowMs) }
  switch (request.op) {
    case 'acquire':
      return acquire(state, request, nowMs)
    case 'renew':
      // Late is not too late: nobody else was granted it, or the epoch would be another.
      return isHeldBy(state, request) ? grant(state, request, nowMs, HELD) : refuse(state, nowMs)
    case 'release':
      return release(state, request)
  }
}

/**
 * The holder itself gets a new epoch at once: it has lost the answer, or its process has died and is back. Not for a
 * request that a later one has overtaken, though: nobody waits for its answer, and the epoch in use would end.
 */
function acquire(
  state: LeaseState,
  request: Extract<SignedLeaseRequest, { op: 'acquire' }>,
  nowMs: number,
): LeaseDecision {
  const { holder, source, lastEpoch, signedMs } = request
  const isAnothers = state.holder !== holder
  if (remainingMs(state, nowMs) > 0 && (isAnothers || signedMs <= state.signedMs)) return refuse(state, nowMs)
  const epoch = Math.max(state.epoch, lastEpoch) + 1
  const before = isAnothers ? NO_LEASE : state
  return grant({ ...before, epoch, holder, source }, request, nowMs, UNCONFIRMED)
}

/** Releasing what is not held any more is no error: it is what was wanted. */
function release(state: LeaseState, request: Extract<LeaseRequest, { op: 'release' }>): LeaseDecision {
  const next = isHeldBy(state, request) ? { ...state, holder: null, untilMs: 0 } : state
  return { state: next, answer: granted(request.epoch, 0) }
}

/**
 * From when it was asked for, not from when that was heard: what a bridge has sent before it died may arrive much later, and
 * must not keep a standby waiting. The holder's clock need not agree with ours, only run as fast: since its request before
 * as much time has passed here as there.
 */
function grant(
  state: LeaseState,
  { signedMs }: SignedLeaseRequest,
  nowMs: number,
  { ttlMs, renewEveryMs }: Term,
): LeaseDecision {
  const askedMs = Math.min(nowMs, state.heardMs + (signedMs - state.signedMs))
  const untilMs = Math.max(state.untilMs, askedMs + ttlMs)
  const heard = signedMs > state.signedMs ? { signedMs, heardMs: nowMs } : {}
  return { state: { ...state, ...heard, untilMs }, answer: granted(state.epoch, ttlMs, renewEveryMs) }
}

function granted(epoch: number, ttlMs: number, renewEveryMs = LEASE_RENEW_EVERY_MS): LeaseGranted {
  return { ok: true, epoch, ttlMs, renewEveryMs }
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
