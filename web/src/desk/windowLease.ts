/**
 * The desk's place among the open windows of its account: a pure machine `(state, event, now) → (state', effects)`. One
 * request at a time is on its way; its answer is the next event. What is shown does not wait for a place: only a refusal
 * takes it away, so that a desk without a network, or a service that cannot count, shows what there is.
 */
import type { ApiProblem } from '#client/rest/apiProblem'
import { WINDOW_LIFE_MS, WINDOW_RENEW_MS, type WindowRequest } from '#schemas/rest/windows'

export const LEASE_DELAYS = {
  renewMs: WINDOW_RENEW_MS,
  /** A renewal that failed is tried twice more before the place is lost. */
  renewAgainMs: 10_000,
  /** No answer, or one that says nothing about places. */
  openAgainMs: 30_000,
  /** A place may become free at any time, and nobody is told. */
  refusedMs: 15_000,
} as const

export interface LeaseState {
  readonly phase: 'none' | 'opening' | 'held' | 'renewing' | 'closing'
  /** What the desk shows; null when it needs no place. */
  readonly wanted: WindowRequest | null
  /** What there is a place for, or was asked one for last. */
  readonly asked: WindowRequest | null
  /** One for all tries to get a place, so that one given in an answer that was lost is the one given in the next. */
  readonly key: string | null
  /** Of the place, and when it is lost if it cannot be renewed. */
  readonly id: string | null
  readonly endsAtMs: number
  /** Why there is none: the account has as many as it may. */
  readonly refusal: ApiProblem | null
  /** When `wake` is due; null for never. */
  readonly wakeAtMs: number | null
}

export type LeaseEvent =
  | { readonly type: 'want'; readonly window: WindowRequest | null }
  | { readonly type: 'opened'; readonly id: string }
  | { readonly type: 'refused'; readonly problem: ApiProblem }
  /** Of whichever request is on its way. */
  | { readonly type: 'failed' }
  | { readonly type: 'renewed' | 'closed' }
  /** The place has ended. */
  | { readonly type: 'lost' }
  | { readonly type: 'wake' }
  /** Somebody looks at the desk again, or asks. */
  | { readonly type: 'nudge' }
  /** The page goes away, and no answer will be heard. */
  | { readonly type: 'leave' }

export type LeaseEffect =
  | { readonly kind: 'open'; readonly window: WindowRequest; readonly key: string }
  | { readonly kind: 'renew'; readonly id: string }
  | { readonly kind: 'close'; readonly id: string; readonly isLeaving: boolean }

export interface LeaseStep {
  readonly state: LeaseState
  readonly effects: readonly LeaseEffect[]
}

export const NO_LEASE: LeaseState = {
  phase: 'none',
  wanted: null,
  asked: null,
  key: null,
  id: null,
  endsAtMs: 0,
  refusal: null,
  wakeAtMs: null,
}

export function stepLease(
  state: LeaseState,
  event: LeaseEvent,
  nowMs: number,
  newKey: () => string,
): LeaseStep {
  const after = (next: LeaseState) => settle(next, nowMs, newKey)
  switch (event.type) {
    case 'want':
      return want(state, event.window, nowMs, newKey)
    case 'opened':
      // Of a request that was given up, as a page is that goes away and comes back.
      if (state.phase !== 'opening') return { state, effects: [close(event.id)] }
      return after(held({ ...state, id: event.id, key: null, refusal: null }, nowMs))
    case 'refused':
      if (state.phase !== 'opening') return unchanged(state)
      return after(refused(state, event.problem, nowMs))
    case 'renewed':
      return state.phase === 'renewing' ? after(held(state, nowMs)) : unchanged(state)
    case 'lost':
      return state.phase === 'renewing' ? after(without(state, nowMs)) : unchanged(state)
    case 'closed':
      return state.phase === 'closing' ? after(without(state, nowMs)) : unchanged(state)
    case 'failed':
      return after(failed(state, nowMs))
    case 'nudge':
      if (state.phase !== 'none' || state.wanted === null) return unchanged(state)
      return after({ ...state, wakeAtMs: nowMs })
    case 'wake':
      return after(state)
    case 'leave':
      // A place that is on its way is not known, and ends by itself.
      return { state: NO_LEASE, effects: state.id === null ? [] : [close(state.id, true)] }
  }
}

function want(
  state: LeaseState,
  window: WindowRequest | null,
  nowMs: number,
  newKey: () => string,
): LeaseStep {
  if (isSame(window, state.wanted)) return unchanged(state)
  const next: LeaseState = { ...state, wanted: window, refusal: window === null ? null : state.refusal }
  if (state.phase !== 'none') return settle(next, nowMs, newKey)
  return settle({ ...next, wakeAtMs: window === null ? null : nowMs }, nowMs, newKey)
}

/** Does what is due, when nothing is on its way. */
function settle(state: LeaseState, nowMs: number, newKey: () => string): LeaseStep {
  const { phase, wanted, id } = state
  const isDue = state.wakeAtMs !== null && state.wakeAtMs <= nowMs
  if (phase === 'none' && wanted !== null && isDue) {
    // A key belongs to what was asked for with it.
    const key = state.key !== null && isSame(wanted, state.asked) ? state.key : newKey()
    const opening: LeaseState = { ...state, phase: 'opening', asked: wanted, key, wakeAtMs: null }
    return { state: opening, effects: [{ kind: 'open', window: wanted, key }] }
  }
  if (phase !== 'held' || id === null) return unchanged(state)
  // The old place first: at the limit there is no other.
  if (!isSame(wanted, state.asked)) {
    return { state: { ...state, phase: 'closing', wakeAtMs: null }, effects: [close(id)] }
  }
  if (!isDue) return unchanged(state)
  return { state: { ...state, phase: 'renewing', wakeAtMs: null }, effects: [{ kind: 'renew', id }] }
}

function refused(state: LeaseState, problem: ApiProblem, nowMs: number): LeaseState {
  const refusal = state.wanted === null ? null : problem
  return without({ ...state, refusal }, nowMs + LEASE_DELAYS.refusedMs)
}

function failed(state: LeaseState, nowMs: number): LeaseState {
  switch (state.phase) {
    case 'opening':
      return without(state, nowMs + LEASE_DELAYS.openAgainMs)
    case 'renewing': {
      const againMs = nowMs + LEASE_DELAYS.renewAgainMs
      if (againMs >= state.endsAtMs) return without(state, nowMs + LEASE_DELAYS.openAgainMs)
      return { ...state, phase: 'held', wakeAtMs: againMs }
    }
    case 'closing':
      // A place that could not be given back ends by itself.
      return without(state, nowMs)
    default:
      return state
  }
}

function held(state: LeaseState, nowMs: number): LeaseState {
  return { ...state, phase: 'held', wakeAtMs: nowMs + LEASE_DELAYS.renewMs, endsAtMs: nowMs + WINDOW_LIFE_MS }
}

function without(state: LeaseState, tryAtMs: number): LeaseState {
  return { ...state, phase: 'none', id: null, wakeAtMs: state.wanted === null ? null : tryAtMs }
}

function close(id: string, isLeaving = false): LeaseEffect {
  return { kind: 'close', id, isLeaving }
}

function isSame(a: WindowRequest | null, b: WindowRequest | null): boolean {
  return a?.kind === b?.kind && a?.symbol === b?.symbol
}

function unchanged(state: LeaseState): LeaseStep {
  return { state, effects: [] }
}
