import { describe, expect, test } from 'vitest'
import type { ConnectionStatus } from './reconnect.ts'
import { stepStream, UNOPENED, type StreamEvent, type StreamState } from './streamState.ts'

const connection = (status: ConnectionStatus): StreamEvent => ({ type: 'connection', status })
const connected = connection({ kind: 'connected' })
const reconnecting = connection({ kind: 'reconnecting', attempt: 2, of: 10, nextTryAtMs: 7_000 })
const failed = connection({ kind: 'failed', nextTryAtMs: 300_000 })
const frame: StreamEvent = { type: 'current' }
const resumed = (recovered: boolean): StreamEvent => ({ type: 'resumed', recovered })

/** One event a second, from 0; the state after each. */
function after(...events: StreamEvent[]): StreamState[] {
  let state: StreamState = UNOPENED
  return events.map((event, i) => (state = stepStream(state, event, i * 1_000)))
}

describe('the state of a stream', () => {
  test('from the first dial to live', () => {
    const states = after(connection({ kind: 'connecting' }), reconnecting, connected, frame, frame)
    expect(states).toEqual([
      { kind: 'connecting', attempt: 0, nextTryAtMs: null },
      { kind: 'connecting', attempt: 2, nextTryAtMs: 7_000 },
      { kind: 'waiting' },
      { kind: 'live' },
      { kind: 'live' },
    ])
  })

  test('recovered: stale, resumed, and caught up with the newest frame, not before', () => {
    const states = after(connected, frame, reconnecting, failed, connected, resumed(true), frame, frame)
    expect(states.slice(2)).toEqual([
      { kind: 'stale', sinceMs: 2_000, attempt: 2, nextTryAtMs: 7_000 },
      { kind: 'stale', sinceMs: 2_000, attempt: 11, nextTryAtMs: 300_000 },
      { kind: 'stale', sinceMs: 2_000, attempt: 11, nextTryAtMs: 300_000 },
      { kind: 'resumed', recovered: true, sinceMs: 2_000 },
      { kind: 'caughtUp', by: 'frames', afterMs: 4_000 },
      { kind: 'live' },
    ])
  })

  test('not recovered: caught up by the snapshot', () => {
    const states = after(connected, frame, reconnecting, connected, resumed(false), frame)
    expect(states.slice(4)).toEqual([
      { kind: 'resumed', recovered: false, sinceMs: 2_000 },
      { kind: 'caughtUp', by: 'snapshot', afterMs: 3_000 },
    ])
  })

  test('with nothing to go on from, caught up by the snapshot too', () => {
    expect(after(connected, frame, reconnecting, connected, frame).at(-1)).toMatchObject({ by: 'snapshot' })
  })

  test('cut again while it catches up, counts from the first cut', () => {
    const states = after(connected, frame, reconnecting, connected, resumed(true), reconnecting)
    expect(states.at(-1)).toMatchObject({ kind: 'stale', sinceMs: 2_000 })
  })

  test('a gap that was filled is none; one that was not is told', () => {
    expect(after(connected, frame, resumed(true)).at(-1)).toEqual({ kind: 'live' })
    expect(after(connected, frame, resumed(false), frame).at(-1)).toEqual({
      kind: 'caughtUp',
      by: 'snapshot',
      afterMs: 1_000,
    })
  })

  test('that nothing changed is the same state', () => {
    const live: StreamState = { kind: 'live' }
    for (const event of [frame, connected, connection({ kind: 'upgradeRequired' })]) {
      expect(stepStream(live, event, 0)).toBe(live)
    }
  })

  test('closed is for good', () => {
    const [closed] = after({ type: 'end', why: { reason: 'byCaller' } })
    expect(closed).toEqual({ kind: 'closed', reason: 'byCaller' })
    if (closed === undefined) return
    for (const event of [frame, connected, reconnecting, resumed(false)]) {
      expect(stepStream(closed, event, 0)).toBe(closed)
    }
  })
})
