import { expect, test } from 'vitest'
import type { StreamState } from '#client/stream/streamState'
import { caughtUpText, connectionLook, nextTrySeconds } from './connectionLook.ts'

const stale = (attempt: number, nextTryAtMs: number | null): StreamState => ({
  kind: 'stale',
  sinceMs: 0,
  attempt,
  nextTryAtMs,
})

test.each<[StreamState, string, string]>([
  [{ kind: 'connecting', attempt: 0, nextTryAtMs: null }, 'Connecting', 'connecting'],
  [{ kind: 'connecting', attempt: 3, nextTryAtMs: null }, 'Reconnecting 3/10', 'reconnecting'],
  [{ kind: 'waiting' }, 'Waiting for data', 'connecting'],
  [{ kind: 'live' }, 'Connected', 'connected'],
  [stale(10, null), 'Reconnecting 10/10', 'reconnecting'],
  [stale(11, 9_000), 'Disconnected', 'failed'],
  [{ kind: 'resumed', recovered: true, sinceMs: 0 }, 'Catching up', 'connected'],
  [{ kind: 'caughtUp', by: 'snapshot', afterMs: 1 }, 'Connected', 'connected'],
  [{ kind: 'closed', reason: 'forbidden', upgrade: null, problem: null }, 'Not streamed', 'refused'],
  [{ kind: 'closed', reason: 'refused', code: 'unknown_channel', detail: '' }, 'Disconnected', 'failed'],
])('%j is "%s"', (state, text, tone) => {
  expect(connectionLook(state)).toMatchObject({ text, tone })
})

test('the next try is counted down, while one is waited for', () => {
  expect(nextTrySeconds(stale(2, 9_500), 3_000)).toBe(7)
  expect(nextTrySeconds(stale(2, 2_000), 3_000)).toBe(0)
  expect(nextTrySeconds(stale(2, null), 3_000)).toBeNull()
  expect(nextTrySeconds(stale(11, 300_000), 0)).toBeNull()
  expect(nextTrySeconds({ kind: 'live' }, 0)).toBeNull()
})

test('that it has caught up is said for a while, and after how long', () => {
  const caughtUp = { afterMs: 12_400, atMs: 1_000 }
  expect(caughtUpText(caughtUp, 15_999)).toBe('caught up after 12 s')
  expect(caughtUpText(caughtUp, 16_000)).toBe('')
  expect(caughtUpText({ afterMs: 40, atMs: 0 }, 0)).toBe('caught up after 1 s')
  expect(caughtUpText(null, 0)).toBe('')
})
