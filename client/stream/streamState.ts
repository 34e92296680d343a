/**
 * What a viewer of one channel is told about it: a pure machine `(state, event, now) → state`. The connection is
 * shared by all channels of a stream, what it means is each one's own.
 */
import type { Problem } from '#schemas/problem'
import type { Upgrade } from '../rest/results.ts'
import { RECONNECT, type ConnectionStatus } from './reconnect.ts'

export type StreamState =
  /** Being dialled, nothing shown yet. `attempt` is 0 at first; after the tenth tries are minutes apart. */
  | { readonly kind: 'connecting'; readonly attempt: number; readonly nextTryAtMs: number | null }
  /** Connected, and the first frame is yet to come: at once, or when the symbol has data. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'live' }
  /** Interrupted: the frame shown last is the last one known. `attempt` and `nextTryAtMs` as in `connecting`. */
  | {
      readonly kind: 'stale'
      readonly sinceMs: number
      readonly attempt: number
      readonly nextTryAtMs: number | null
    }
  /** Connected again. `recovered`: every frame missed follows; otherwise a snapshot does, and nobody will know them. */
  | { readonly kind: 'resumed'; readonly recovered: boolean; readonly sinceMs: number }
  /** The newest frame is shown again, so long after the interruption; `live` from the next one. */
  | { readonly kind: 'caughtUp'; readonly by: 'frames' | 'snapshot'; readonly afterMs: number }
  /** For good. */
  | ({ readonly kind: 'closed' } & CloseReason)

export type CloseReason =
  | { readonly reason: 'byCaller' }
  /** The caller may not have this; `upgrade` when a higher tier may. */
  | { readonly reason: 'forbidden'; readonly upgrade: Upgrade | null; readonly problem: Problem | null }
  /** The token or key was refused, and so was a fresh one. */
  | { readonly reason: 'unauthorized'; readonly problem: Problem }
  /** By the service: `unknown_channel`, `too_many_channels`. */
  | { readonly reason: 'refused'; readonly code: string; readonly detail: string }

export type StreamEvent =
  | { readonly type: 'connection'; readonly status: ConnectionStatus }
  /** The newest frame is shown. */
  | { readonly type: 'current' }
  | { readonly type: 'resumed'; readonly recovered: boolean }
  | { readonly type: 'end'; readonly why: CloseReason }

export const UNOPENED: StreamState = { kind: 'connecting', attempt: 0, nextTryAtMs: null }

/** The state that follows, or the same one. */
export function stepStream(state: StreamState, event: StreamEvent, nowMs: number): StreamState {
  if (state.kind === 'closed') return state
  switch (event.type) {
    case 'end':
      return { kind: 'closed', ...event.why }
    case 'connection':
      return connection(state, event.status, nowMs)
    case 'resumed':
      return resumed(state, event.recovered, nowMs)
    case 'current':
      return current(state, nowMs)
  }
}

function connection(state: StreamState, status: ConnectionStatus, nowMs: number): StreamState {
  if (status.kind === 'idle' || status.kind === 'upgradeRequired') return state
  if (status.kind === 'connected') return state.kind === 'connecting' ? { kind: 'waiting' } : state
  const dialling = { attempt: attemptOf(status), nextTryAtMs: nextTryOf(status) }
  switch (state.kind) {
    case 'connecting':
    case 'waiting':
      return { kind: 'connecting', ...dialling }
    case 'stale':
    case 'resumed':
      return { kind: 'stale', sinceMs: state.sinceMs, ...dialling }
    default:
      return { kind: 'stale', sinceMs: nowMs, ...dialling }
  }
}

/** Also without an interruption: what a gap or a damaged frame took away was asked for again. */
function resumed(state: StreamState, recovered: boolean, nowMs: number): StreamState {
  if (state.kind === 'stale') return { kind: 'resumed', recovered, sinceMs: state.sinceMs }
  return recovered ? state : { kind: 'resumed', recovered, sinceMs: nowMs }
}

function current(state: StreamState, nowMs: number): StreamState {
  if (state.kind === 'live') return state
  if (state.kind !== 'stale' && state.kind !== 'resumed') return { kind: 'live' }
  const by = state.kind === 'resumed' && state.recovered ? 'frames' : 'snapshot'
  return { kind: 'caughtUp', by, afterMs: nowMs - state.sinceMs }
}

function attemptOf(status: ConnectionStatus): number {
  if (status.kind === 'reconnecting') return status.attempt
  return status.kind === 'failed' ? RECONNECT.maxTries + 1 : 0
}

function nextTryOf(status: ConnectionStatus): number | null {
  return 'nextTryAtMs' in status ? status.nextTryAtMs : null
}
