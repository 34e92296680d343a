/**
 * When to open, close, ping and give up on a stream socket: a pure state machine without a clock of its own.
 * The adapter performs the effects and calls back with `wake` at `wakeAtMs`.
 *
 * Delays are the published ones (base 3 s, ×1.5, at most 60 s, 10 tries, then the error state), with equal jitter. The
 * first try falls anywhere in the spread the server asked for, so that a restart is not met by every viewer at the same
 * instant. After the tenth failure a slow background retry goes on, and `online`, `visible` and `retry` try at once.
 */
import { CLOSE_CODES, reconnectAfter } from '#schemas/stream/closeCodes'
import { HEARTBEAT_MS } from '#schemas/stream/protocol'

export const RECONNECT = {
  baseDelayMs: 3_000,
  multiplier: 1.5,
  maxDelayMs: 60_000,
  maxTries: 10,
  backgroundDelayMs: 5 * 60_000,
  /** Until the server says otherwise. */
  heartbeatMs: HEARTBEAT_MS,
  spreadMs: 3_000,
  minHeartbeatMs: 1_000,
  openTimeoutMs: 10_000,
  /** A socket that lived this long counts as recovered; one that is cut sooner goes on counting tries. */
  stableMs: 5_000,
  /** After a wake-up an open socket must prove itself this soon. */
  probeMs: 5_000,
} as const

export interface ReconnectState {
  readonly phase: 'stopped' | 'opening' | 'open' | 'waiting' | 'upgradeRequired'
  /** Number of the current or next try since the last stable connection; 0 before the first loss. */
  readonly tries: number
  /** When the adapter must send `wake`; null for never. */
  readonly wakeAtMs: number | null
  readonly openedAtMs: number
  /** While open: something must have been heard by then. */
  readonly deadlineMs: number
  readonly nextPingMs: number
  /** When to be back, of a server that is about to restart; until then its socket is as good as any. */
  readonly backAtMs: number | null
  /** As the server last asked for: between pings, and the spread of first tries. */
  readonly heartbeatMs: number
  readonly spreadMs: number
}

export type ReconnectEvent =
  | {
      readonly type: 'start' | 'heard' | 'wake' | 'retry' | 'online' | 'visible' | 'stop'
    }
  /** The server has greeted us. */
  | { readonly type: 'opened'; readonly heartbeatMs: number; readonly spreadMs: number }
  | { readonly type: 'closed'; readonly code: number }
  /** The socket is open and of no use. */
  | { readonly type: 'broken' }
  /** The server is about to restart and asks us to be back after this long. */
  | { readonly type: 'sentAway'; readonly delayMs: number }

/** `ping` keeps the line, `probe` asks for an answer that says where the channels stand. */
export type ReconnectEffect = 'open' | 'close' | 'ping' | 'probe'

/** What a person is shown. `nextTryAtMs` is null while a try is under way. */
export type ConnectionStatus =
  | { readonly kind: 'idle' | 'connecting' | 'connected' | 'upgradeRequired' }
  | {
      readonly kind: 'reconnecting'
      readonly attempt: number
      readonly of: number
      readonly nextTryAtMs: number | null
    }
  | { readonly kind: 'failed'; readonly nextTryAtMs: number | null }

export interface Transition {
  readonly state: ReconnectState
  readonly effects: readonly ReconnectEffect[]
}

export const STOPPED: ReconnectState = {
  phase: 'stopped',
  tries: 0,
  wakeAtMs: null,
  openedAtMs: 0,
  deadlineMs: 0,
  nextPingMs: 0,
  backAtMs: null,
  heartbeatMs: RECONNECT.heartbeatMs,
  spreadMs: RECONNECT.spreadMs,
}

export function connectionStatus(state: ReconnectState): ConnectionStatus {
  if (state.phase === 'stopped') return { kind: 'idle' }
  if (state.phase === 'upgradeRequired') return { kind: 'upgradeRequired' }
  if (state.phase === 'open') return { kind: 'connected' }
  if (state.tries === 0) return { kind: 'connecting' }
  const nextTryAtMs = state.phase === 'waiting' ? state.wakeAtMs : null
  if (state.tries > RECONNECT.maxTries) return { kind: 'failed', nextTryAtMs }
  return { kind: 'reconnecting', attempt: state.tries, of: RECONNECT.maxTries, nextTryAtMs }
}

/** Delay before try `n` (from 1). `random` is in [0, 1). */
export function retryDelayMs(n: number, random: number, spreadMs: number): number {
  if (n > RECONNECT.maxTries) return jittered(RECONNECT.backgroundDelayMs, random)
  if (n === 1) return spreadMs * random
  return jittered(
    Math.min(RECONNECT.maxDelayMs, RECONNECT.baseDelayMs * RECONNECT.multiplier ** (n - 1)),
    random,
  )
}

export function step(
  state: ReconnectState,
  event: ReconnectEvent,
  nowMs: number,
  random: () => number,
): Transition {
  switch (event.type) {
    case 'start':
      return state.phase === 'stopped' ? opening(state, 0, nowMs) : unchanged(state)
    case 'stop':
      return { state: STOPPED, effects: hasSocket(state) ? ['close'] : [] }
    case 'opened':
      return state.phase === 'opening' ? opened(state, event, nowMs) : unchanged(state)
    case 'heard':
      return state.phase === 'open' ? { state: heard(state, nowMs), effects: [] } : unchanged(state)
    case 'closed':
      return hasSocket(state) ? closed(state, event.code, nowMs, random) : unchanged(state)
    case 'broken':
      return hasSocket(state) ? lost(state, nowMs, random) : unchanged(state)
    case 'sentAway':
      return state.phase === 'open'
        ? { state: sentAway(state, event.delayMs, nowMs, random), effects: [] }
        : unchanged(state)
    case 'wake':
      return wake(state, nowMs, random)
    case 'retry':
    case 'online':
    case 'visible':
      return nudge(state, event.type, nowMs)
  }
}

function wake(state: ReconnectState, nowMs: number, random: () => number): Transition {
  // A timer may fire late or early; only the due time counts.
  if (state.wakeAtMs === null || nowMs < state.wakeAtMs) return unchanged(state)
  if (state.phase === 'waiting') return opening(state, state.tries, nowMs)
  if (state.phase === 'opening') return lost(state, nowMs, random)
  if (state.phase !== 'open') return unchanged(state)
  if (nowMs >= state.deadlineMs) return lost(state, nowMs, random)
  if (state.backAtMs !== null && nowMs >= state.backAtMs) return opening(state, 0, nowMs)
  if (nowMs < state.nextPingMs) return unchanged(state)
  return { state: scheduled({ ...state, nextPingMs: nowMs + state.heartbeatMs }), effects: ['ping'] }
}

/** Somebody or something says the network may be back. */
function nudge(state: ReconnectState, by: 'retry' | 'online' | 'visible', nowMs: number): Transition {
  if (state.phase === 'waiting') {
    const failed = state.tries > RECONNECT.maxTries
    return opening(state, failed && by === 'retry' ? 1 : state.tries, nowMs)
  }
  if (state.phase === 'upgradeRequired' && by === 'retry') return opening(state, 0, nowMs)
  if (state.phase !== 'open') return unchanged(state)
  // A frozen tab or a changed network leaves sockets that look open; they get a short time to answer.
  const deadlineMs = Math.min(state.deadlineMs, nowMs + RECONNECT.probeMs)
  return { state: scheduled({ ...state, deadlineMs }), effects: ['probe'] }
}

function opening(state: ReconnectState, tries: number, nowMs: number): Transition {
  const wakeAtMs = nowMs + RECONNECT.openTimeoutMs
  return { state: { ...state, phase: 'opening', tries, wakeAtMs, backAtMs: null }, effects: ['open'] }
}

function opened(
  state: ReconnectState,
  { heartbeatMs, spreadMs }: { readonly heartbeatMs: number; readonly spreadMs: number },
  nowMs: number,
): Transition {
  const open = { ...state, phase: 'open', openedAtMs: nowMs, spreadMs } as const
  const every = Math.max(RECONNECT.minHeartbeatMs, heartbeatMs)
  return { state: heard({ ...open, heartbeatMs: every, nextPingMs: nowMs + every }, nowMs), effects: [] }
}

function heard(state: ReconnectState, nowMs: number): ReconnectState {
  return scheduled({ ...state, deadlineMs: nowMs + 2 * state.heartbeatMs })
}

function closed(state: ReconnectState, code: number, nowMs: number, random: () => number): Transition {
  if (code === CLOSE_CODES.tierTooLow) return { state: upgradeRequired(state), effects: [] }
  const reconnect = reconnectAfter(code)
  if (reconnect === 'no') return waiting(state, RECONNECT.maxTries + 1, nowMs, random)
  const tries = triesAfterLoss(state, nowMs)
  // Tokens of long sessions expire as planned: come back at once with a fresh one.
  const expired = reconnect === 'renewToken' && state.phase === 'open' && tries === 1
  return expired ? opening(state, tries, nowMs) : waiting(state, tries, nowMs, random)
}

function lost(state: ReconnectState, nowMs: number, random: () => number): Transition {
  return { state: waiting(state, triesAfterLoss(state, nowMs), nowMs, random).state, effects: ['close'] }
}

/** Everybody is told the same delay, so the spread comes on top of it. Frames are taken for as long as they come. */
function sentAway(
  state: ReconnectState,
  delayMs: number,
  nowMs: number,
  random: () => number,
): ReconnectState {
  const backAtMs = nowMs + Math.min(delayMs, RECONNECT.maxDelayMs) + state.spreadMs * random()
  return scheduled({ ...state, backAtMs })
}

function waiting(state: ReconnectState, tries: number, nowMs: number, random: () => number): Transition {
  const wakeAtMs = state.backAtMs ?? nowMs + retryDelayMs(tries, random(), state.spreadMs)
  // Failed tries stop counting: whether it is the 11th or the 50th is of no use to anyone.
  const counted = Math.min(tries, RECONNECT.maxTries + 1)
  return { state: { ...state, phase: 'waiting', tries: counted, wakeAtMs, backAtMs: null }, effects: [] }
}

function upgradeRequired(state: ReconnectState): ReconnectState {
  return { ...state, phase: 'upgradeRequired', tries: 0, wakeAtMs: null, backAtMs: null }
}

function triesAfterLoss(state: ReconnectState, nowMs: number): number {
  const wasStable = state.phase === 'open' && nowMs - state.openedAtMs >= RECONNECT.stableMs
  return wasStable ? 1 : state.tries + 1
}

function scheduled(state: ReconnectState): ReconnectState {
  const { nextPingMs, deadlineMs, backAtMs } = state
  return { ...state, wakeAtMs: Math.min(nextPingMs, deadlineMs, backAtMs ?? deadlineMs) }
}

function hasSocket(state: ReconnectState): boolean {
  return state.phase === 'opening' || state.phase === 'open'
}

function unchanged(state: ReconnectState): Transition {
  return { state, effects: [] }
}

function jittered(delayMs: number, random: number): number {
  return delayMs / 2 + (delayMs / 2) * random
}
