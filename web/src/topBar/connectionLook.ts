/** The state of the stream in words and a shape. */
import { RECONNECT } from '#client/stream/reconnect'
import type { StreamState } from '#client/stream/streamState'
import type { CaughtUp } from '../desk/createDesk.ts'
import { age } from '../format/time.ts'

const CAUGHT_UP_FOR_MS = 15_000

export interface ConnectionLook {
  readonly tone: 'connected' | 'connecting' | 'reconnecting' | 'failed' | 'refused'
  readonly shape: string
  readonly text: string
}

export function connectionLook(state: StreamState): ConnectionLook {
  switch (state.kind) {
    case 'live':
    case 'caughtUp':
      return { tone: 'connected', shape: '●', text: 'Connected' }
    case 'resumed':
      return { tone: 'connected', shape: '●', text: 'Catching up' }
    case 'waiting':
      return { tone: 'connecting', shape: '◌', text: 'Waiting for data' }
    case 'connecting':
    case 'stale':
      return dialling(state.attempt)
    case 'closed':
      if (state.reason === 'forbidden') return { tone: 'refused', shape: '◇', text: 'Not streamed' }
      return { tone: 'failed', shape: '○', text: 'Disconnected' }
  }
}

function dialling(attempt: number): ConnectionLook {
  if (attempt === 0) return { tone: 'connecting', shape: '◌', text: 'Connecting' }
  if (attempt > RECONNECT.maxTries) return { tone: 'failed', shape: '○', text: 'Disconnected' }
  return { tone: 'reconnecting', shape: '◐', text: `Reconnecting ${attempt}/${RECONNECT.maxTries}` }
}

/** Seconds to the next try, while a person may wait for it; null otherwise. */
export function nextTrySeconds(state: StreamState, nowMs: number): number | null {
  if (connectionLook(state).tone !== 'reconnecting') return null
  const nextTryAtMs = 'nextTryAtMs' in state ? state.nextTryAtMs : null
  return nextTryAtMs === null ? null : Math.max(0, Math.ceil((nextTryAtMs - nowMs) / 1000))
}

/** Said for a while after an interruption: what is shown is the market of now again. */
export function caughtUpText(caughtUp: CaughtUp | null, nowMs: number): string {
  if (caughtUp === null || nowMs - caughtUp.atMs >= CAUGHT_UP_FOR_MS) return ''
  return `caught up after ${age(Math.max(1_000, caughtUp.afterMs))}`
}
