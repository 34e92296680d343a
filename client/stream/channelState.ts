/**
 * One channel as its viewer holds it: a pure machine `(state, event) → (state, effects)`, without sockets or clocks.
 *
 * A frame is taken only if it names the one held as its predecessor and leaves the checksum it promises; whatever else
 * comes is dropped when it is old and asked for again when it is not. What is held is therefore the server's frame of
 * that position, exactly, and what is shown never goes back.
 */
import type { GammaFrame } from '#schemas/frame/gamma'
import { applyDelta } from '#schemas/stream/applyDelta'
import { frameChecksum } from '#schemas/stream/checksum'
import type { GammaDelta } from '#schemas/stream/delta'
import type { ControlMessage, Position } from '#schemas/stream/messages'
import type { GammaSnapshot } from '#schemas/stream/snapshot'
import { isNewer } from './framePosition.ts'

/** Repairs in a row without one good frame in between; then a new connection, with its back-off, is the better try. */
const MOST_REPAIRS = 3

export interface ChannelCounts {
  readonly frames: number
  /** Older than what is held, or held already. */
  readonly superseded: number
  /** Frames that showed that some before them are missing. */
  readonly gaps: number
  /** Frames that did not leave the checksum they promise. */
  readonly mismatches: number
  /** Positions asked to go on from, and how many of them were. */
  readonly resumes: number
  readonly recovered: number
}

export interface ChannelState {
  /** The server's frame at this position; null when nothing trustworthy is held. */
  readonly held: GammaFrame | null
  readonly shown: Position | null
  /** `asking`: a subscribe is not answered yet. `snapshot`: the next frame must be a whole one. */
  readonly phase: 'idle' | 'asking' | 'snapshot' | 'live' | 'refused'
  /** The position of the subscribe under way. */
  readonly askedFrom: Position | null
  /** Where the stream stood when it was resumed; frames before it were missed and are not news. */
  readonly caughtUpAt: Position | null
  readonly repairs: number
  readonly counts: ChannelCounts
}

export type ChannelMessage =
  GammaSnapshot | GammaDelta | Extract<ControlMessage, { type: 'subscribed' | 'unsubscribed' | 'error' }>

export type ChannelEvent =
  | ChannelMessage
  /** There is a socket, a new one, and it knows of no subscriptions. */
  | { readonly type: 'connected' }
  /** Where the server says that this channel stands. */
  | { readonly type: 'position'; readonly position: Position }

export type ChannelEffect =
  /** With a position, go on from there; null asks for a snapshot. */
  | { readonly kind: 'subscribe'; readonly from: Position | null }
  /** `isCatchUp`: a newer frame is already on its way. */
  | { readonly kind: 'frame'; readonly frame: GammaFrame; readonly isCatchUp: boolean }
  /** After an interruption. `recovered`: every frame in between follows; otherwise they will never be known. */
  | { readonly kind: 'resumed'; readonly recovered: boolean }
  /** What is shown is the newest already: nothing was missed. */
  | { readonly kind: 'current' }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string }
  /** Asking again does not help: connect anew. */
  | { readonly kind: 'reconnect' }

export interface ChannelStep {
  readonly state: ChannelState
  readonly effects: readonly ChannelEffect[]
}

export const NOTHING_HELD: ChannelState = {
  held: null,
  shown: null,
  phase: 'idle',
  askedFrom: null,
  caughtUpAt: null,
  repairs: 0,
  counts: { frames: 0, superseded: 0, gaps: 0, mismatches: 0, resumes: 0, recovered: 0 },
}

export function stepChannel(state: ChannelState, event: ChannelEvent): ChannelStep {
  switch (event.type) {
    case 'connected':
      return ask({ ...state, repairs: 0 })
    case 'subscribed':
      return subscribed(state, event)
    case 'snapshot':
      return takeSnapshot(state, event)
    case 'delta':
      return takeDelta(state, event)
    case 'position':
      return isBehind(state, event.position) ? repair(state, 'gaps') : unchanged(state)
    case 'unsubscribed':
      // An answer to an earlier wish: this channel is wanted, or it would not be here.
      return isListening(state) ? ask(state) : unchanged(state)
    case 'error':
      return refused(state, event.code, event.detail)
  }
}

function subscribed(
  state: ChannelState,
  { epoch, sequence, recovered }: Extract<ChannelMessage, { type: 'subscribed' }>,
): ChannelStep {
  const phase = recovered ? 'live' : 'snapshot'
  const next: ChannelState = {
    ...state,
    phase,
    askedFrom: null,
    caughtUpAt: recovered ? { epoch, sequence } : null,
  }
  if (state.askedFrom === null) return unchanged(next)
  const { resumes, recovered: before } = state.counts
  const counts = { ...state.counts, resumes: resumes + 1, recovered: before + Number(recovered) }
  const current: readonly ChannelEffect[] =
    recovered && isAt(state.shown, { epoch, sequence }) ? [{ kind: 'current' }] : []
  return { state: { ...next, counts }, effects: [{ kind: 'resumed', recovered }, ...current] }
}

function takeSnapshot(state: ChannelState, { frame, checksum }: GammaSnapshot): ChannelStep {
  // One that was announced counts even if it is older: a server that lags is followed, but not shown.
  if (state.phase !== 'snapshot' && !isNewer(frame, state.held)) return counted(state, 'superseded')
  if (frameChecksum(frame) !== checksum) return repair({ ...state, held: null }, 'mismatches')
  return hold({ ...state, phase: state.phase === 'snapshot' ? 'live' : state.phase }, frame)
}

function takeDelta(state: ChannelState, delta: GammaDelta): ChannelStep {
  if (state.held === null) return isListening(state) ? repair(state, 'gaps') : unchanged(state)
  const applied = applyDelta(state.held, delta)
  if (applied.ok) return hold(state, applied.frame)
  if (applied.reason === 'mismatch') return repair({ ...state, held: null }, 'mismatches')
  if (!isNewer(delta, state.held)) return counted(state, 'superseded')
  return repair(state, 'gaps')
}

function hold(state: ChannelState, frame: GammaFrame): ChannelStep {
  const isNews = isNewer(frame, state.shown)
  const next: ChannelState = {
    ...state,
    held: frame,
    repairs: 0,
    shown: isNews ? { epoch: frame.epoch, sequence: frame.sequence } : state.shown,
    counts: { ...state.counts, frames: state.counts.frames + 1 },
  }
  const isCatchUp = state.caughtUpAt !== null && isNewer(state.caughtUpAt, frame)
  if (isNews) return { state: next, effects: [{ kind: 'frame', frame, isCatchUp }] }
  return { state: next, effects: isAt(state.shown, frame) ? [{ kind: 'current' }] : [] }
}

/** Something is missing or damaged. While a subscribe is under way its answer will settle it. */
function repair(state: ChannelState, why: 'gaps' | 'mismatches'): ChannelStep {
  const { state: next } = counted(state, why)
  if (!isListening(state)) return unchanged(next)
  if (state.repairs === MOST_REPAIRS) return { state: next, effects: [{ kind: 'reconnect' }] }
  return ask({ ...next, repairs: state.repairs + 1 })
}

function ask(state: ChannelState): ChannelStep {
  const { held } = state
  const from = held === null ? null : { epoch: held.epoch, sequence: held.sequence }
  return { state: { ...state, phase: 'asking', askedFrom: from }, effects: [{ kind: 'subscribe', from }] }
}

function refused(state: ChannelState, code: string, detail: string): ChannelStep {
  if (state.phase !== 'asking' || code === 'not_subscribed') return unchanged(state)
  return { state: { ...state, phase: 'refused' }, effects: [{ kind: 'refused', code, detail }] }
}

/** Sequence 0 is a channel without a frame yet. */
function isBehind(state: ChannelState, position: Position): boolean {
  return isListening(state) && state.held !== null && position.sequence > 0 && isNewer(position, state.held)
}

function isAt(shown: Position | null, { epoch, sequence }: Position): boolean {
  return shown?.epoch === epoch && shown.sequence === sequence
}

/** Frames are due, and none is known to be on its way that would settle a doubt. */
function isListening({ phase }: ChannelState): boolean {
  return phase === 'live' || phase === 'snapshot'
}

function counted(state: ChannelState, what: keyof ChannelCounts): ChannelStep {
  return unchanged({ ...state, counts: { ...state.counts, [what]: state.counts[what] + 1 } })
}

function unchanged(state: ChannelState): ChannelStep {
  return { state, effects: [] }
}
