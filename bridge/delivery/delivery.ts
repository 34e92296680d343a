/**
 * Decides which batch of one epoch goes out when. Pure: the shell in `Deliverer.ts` does the sending and waiting.
 *
 * Batches go in sequence, at most `window` at a time. A failure rewinds to the batch that failed and rests; an
 * acceptance forgets everything up to the accepted position. Whatever is sent twice the receiver recognises by
 * position, so rewinding is always safe.
 */
import { backoffMs, DEFAULT_BACKOFF, type BackoffSettings } from './backoff.ts'
import type { PostResult } from './answer.ts'

export interface DeliverySettings {
  /** Batches in flight at once. */
  readonly window: number
  readonly backoff: BackoffSettings
  /** A `Retry-After` counts up to here: who asks for an hour may be well again after a minute. */
  readonly maxRetryAfterMs: number
  /** Refusals in a row that another try should have cured (late signature, expected position) before giving up. */
  readonly maxCurableRefusals: number
}

export const DEFAULT_DELIVERY: DeliverySettings = {
  window: 4,
  backoff: DEFAULT_BACKOFF,
  maxRetryAfterMs: 30_000,
  maxCurableRefusals: 5,
}

/** For what is left of an earlier epoch: until it is delivered its bridge is no standby, so nobody waits long. */
export function impatient(settings: DeliverySettings): DeliverySettings {
  return { ...settings, backoff: { ...settings.backoff, capMs: 1_000 }, maxRetryAfterMs: 1_000 }
}

export type Stop =
  /** Another bridge has taken over with a larger epoch. */
  | { readonly kind: 'stale'; readonly detail: string }
  /** The receiver asks for batches it once acknowledged, or for some that never were: only a new epoch can go on. */
  | { readonly kind: 'lost'; readonly detail: string }
  | {
      readonly kind: 'refused'
      readonly code: string
      readonly detail: string
      readonly field: string | null
    }

interface Attempt {
  readonly sequence: number
  /** What was acknowledged when it was sent: an answer may be older than answers that overtook it. */
  readonly acknowledged: number
}

export interface DeliveryState {
  readonly epoch: number
  /** Everything up to here is durable at the receiver. */
  readonly acknowledged: number
  /** Everything up to here is safely journaled and may be sent. */
  readonly committed: number
  readonly next: number
  readonly inFlight: readonly Attempt[]
  /**
   * Nothing is sent before the attempt of this sequence is answered: a later batch has overtaken it, and would again.
   * Null while nothing is known to be out of order.
   */
  readonly awaited: number | null
  /** Attempts in a row that got nowhere. */
  readonly failures: number
  readonly curableRefusals: number
  readonly resting: boolean
  readonly stopped: Stop | null
}

export type DeliveryEvent =
  | { readonly kind: 'committed'; readonly sequence: number }
  | { readonly kind: 'answered'; readonly sequence: number; readonly result: PostResult }
  | { readonly kind: 'rested' }

export type DeliveryEffect =
  | { readonly kind: 'send'; readonly sequence: number }
  | { readonly kind: 'forget'; readonly upTo: number }
  | { readonly kind: 'rest'; readonly ms: number; readonly reason: string }

export interface DeliveryStep {
  readonly state: DeliveryState
  readonly effects: readonly DeliveryEffect[]
}

export function startDelivery(epoch: number, acknowledged: number, committed: number): DeliveryState {
  return {
    epoch,
    acknowledged,
    committed,
    next: acknowledged + 1,
    inFlight: [],
    awaited: null,
    failures: 0,
    curableRefusals: 0,
    resting: false,
    stopped: null,
  }
}

/** `random` in [0, 1) is the jitter of this step. */
export function deliver(
  state: DeliveryState,
  event: DeliveryEvent,
  random: number,
  settings: DeliverySettings,
): DeliveryStep {
  if (state.stopped) return { state, effects: [] }
  if (event.kind === 'committed') {
    return sendMore({ ...state, committed: Math.max(state.committed, event.sequence) }, [], settings)
  }
  if (event.kind === 'rested') return sendMore({ ...state, resting: false }, [], settings)
  const { sequence, result } = event
  const attempt = state.inFlight.find((other) => other.sequence === sequence)
  const landed = {
    ...state,
    inFlight: state.inFlight.filter((other) => other !== attempt),
    awaited: state.awaited === sequence ? null : state.awaited,
  }
  switch (result.kind) {
    case 'accepted':
      return accept(landed, sequence, result, settings)
    case 'unavailable':
      return retry(landed, sequence, result.reason, result.retryAfterMs, random, settings)
    case 'signAgain':
      return signAgain(landed, sequence, result.reason, random, settings)
    case 'gap':
      return rewind(landed, attempt ?? { sequence, acknowledged: 0 }, result.expected, random, settings)
    case 'stale':
      return stop(landed, { kind: 'stale', detail: result.detail })
    case 'refused':
      return stop(landed, result)
  }
}

function accept(
  state: DeliveryState,
  sequence: number,
  { position }: Extract<PostResult, { kind: 'accepted' }>,
  settings: DeliverySettings,
): DeliveryStep {
  // Sequences have no gaps, so an accepted batch vouches for all before it; the position may reach further.
  const held = position.epoch === state.epoch ? Math.min(position.sequence, state.committed) : 0
  const acknowledged = Math.max(state.acknowledged, sequence, held)
  const advanced = {
    ...state,
    acknowledged,
    next: Math.max(state.next, acknowledged + 1),
    failures: 0,
    curableRefusals: 0,
  }
  return sendMore(advanced, [{ kind: 'forget', upTo: acknowledged }], settings)
}

function retry(
  state: DeliveryState,
  sequence: number,
  reason: string,
  retryAfterMs: number | null,
  random: number,
  { backoff, maxRetryAfterMs }: DeliverySettings,
): DeliveryStep {
  const failures = state.failures + 1
  // Retry-After is a floor, not an appointment: the jitter stays on top of it.
  const ms = Math.min(retryAfterMs ?? 0, maxRetryAfterMs) + backoffMs(failures, random, backoff)
  const next = Math.max(Math.min(state.next, sequence), state.acknowledged + 1)
  const effects: DeliveryEffect[] = state.resting ? [] : [{ kind: 'rest', ms, reason }]
  return { state: { ...state, next, failures, resting: true }, effects }
}

function signAgain(
  state: DeliveryState,
  sequence: number,
  reason: string,
  random: number,
  settings: DeliverySettings,
): DeliveryStep {
  const curableRefusals = state.curableRefusals + 1
  if (curableRefusals >= settings.maxCurableRefusals) {
    const detail = `refused ${curableRefusals} times in a row; compare this clock with the server's`
    return stop(state, { kind: 'refused', code: reason, detail, field: null })
  }
  return retry({ ...state, curableRefusals }, sequence, reason, null, random, settings)
}

function rewind(
  state: DeliveryState,
  attempt: Attempt,
  expected: { readonly epoch: number; readonly sequence: number } | null,
  random: number,
  settings: DeliverySettings,
): DeliveryStep {
  const { epoch, committed } = state
  // A receiver that does not know this epoch yet wants its first batch, whatever epoch it names.
  const wanted = expected?.epoch === epoch ? expected.sequence : 1
  if (wanted <= attempt.acknowledged || wanted > committed) {
    const detail = `the receiver expects ${epoch}/${wanted}; held are ${attempt.acknowledged + 1} to ${committed}`
    return stop(state, { kind: 'lost', detail })
  }
  const next = Math.max(wanted, state.acknowledged + 1)
  if (wanted < attempt.sequence)
    return resend({ ...state, next: Math.min(state.next, next) }, wanted, settings)
  const curableRefusals = state.curableRefusals + (wanted === attempt.sequence ? 1 : 0)
  if (curableRefusals >= settings.maxCurableRefusals) {
    return stop(state, { kind: 'lost', detail: `the receiver expects ${epoch}/${wanted} and refuses it` })
  }
  return retry({ ...state, next, curableRefusals }, next, 'sequence_gap', null, random, settings)
}

/** A batch came before the one it follows: overtaken on the way, or the other was lost and is due again by itself. */
function resend(state: DeliveryState, wanted: number, settings: DeliverySettings): DeliveryStep {
  const isOnItsWay = state.inFlight.some(({ sequence }) => sequence === wanted)
  return sendMore({ ...state, awaited: isOnItsWay ? wanted : state.awaited }, [], settings)
}

function stop(state: DeliveryState, stopped: Stop): DeliveryStep {
  return { state: { ...state, stopped }, effects: [] }
}

function sendMore(
  state: DeliveryState,
  before: DeliveryEffect[],
  { window }: DeliverySettings,
): DeliveryStep {
  if (state.resting || state.awaited !== null) return { state, effects: before }
  const effects = [...before]
  const inFlight = [...state.inFlight]
  let { next } = state
  while (next <= state.committed && inFlight.length < window) {
    const sequence = next++
    if (inFlight.some((attempt) => attempt.sequence === sequence)) continue
    inFlight.push({ sequence, acknowledged: state.acknowledged })
    effects.push({ kind: 'send', sequence })
  }
  return { state: { ...state, inFlight, next }, effects }
}
