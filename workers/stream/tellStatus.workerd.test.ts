import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Health } from '#schemas/rest/models'
import { CLOSE_CODES } from '#schemas/stream/closeCodes'
import { tellStatus } from './tellStatus.ts'

beforeEach(() => void vi.useFakeTimers({ now: 0 }))
afterEach(() => void vi.useRealTimers())

const OK: Health = {
  status: 'ok',
  version: '1',
  time: '2035-01-01T00:00:00.000Z',
  symbols: [{ symbol: 'SPX', feed: 'live', freshness: 'fresh', lastSeen: '2035-01-01T00:00:00.000Z' }],
  checks: { d1: 'ok' },
}

function open(expiresAtMs = 600_000) {
  let health = OK
  let isRevoked = false
  const { 0: client, 1: server } = new WebSocketPair()
  const messages: string[] = []
  const closes: number[] = []
  client.addEventListener('message', ({ data }) => void messages.push(String(data)))
  client.addEventListener('close', ({ code }) => void closes.push(code))
  server.accept()
  client.accept()
  tellStatus(
    server,
    async () => health,
    expiresAtMs,
    async () => isRevoked,
  )
  return {
    client,
    messages,
    closes,
    become: (next: Health) => void (health = next),
    revoke: () => void (isRevoked = true),
  }
}

it('tells what changed and not that time went by', async () => {
  const { client, messages, become } = open()
  await vi.advanceTimersByTimeAsync(5_000)
  become({ ...OK, time: '2035-01-01T00:00:05.000Z' })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(messages).toHaveLength(1)
  become({ ...OK, status: 'degraded' })
  await vi.advanceTimersByTimeAsync(5_000)
  expect(messages.map((text) => JSON.parse(text).data.status)).toEqual(['ok', 'degraded'])
  client.close(1000)
  await vi.advanceTimersByTimeAsync(10)
  expect(vi.getTimerCount()).toBe(0)
})

it('answers pings, and ends with the token or at the third message that is none', async () => {
  const first = open(7_000)
  first.client.send('ping')
  await vi.advanceTimersByTimeAsync(100)
  expect(first.messages).toContain('pong')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(first.closes).toEqual([CLOSE_CODES.unauthorized])
  const second = open()
  for (const text of ['a', 'b', 'c']) second.client.send(text)
  await vi.advanceTimersByTimeAsync(100)
  expect(second.closes).toEqual([CLOSE_CODES.badMessage])
  expect(vi.getTimerCount()).toBe(0)
})

it('ends within five seconds when its token is revoked', async () => {
  const { closes, revoke } = open()
  await vi.advanceTimersByTimeAsync(7_000)
  expect(closes).toEqual([])
  revoke()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(closes).toEqual([CLOSE_CODES.unauthorized])
  expect(vi.getTimerCount()).toBe(0)
})
