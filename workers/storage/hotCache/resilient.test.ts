import { describe, expect, it } from 'vitest'
import type { HotCache } from './hotCache.ts'
import { memoryHotCache } from './memory.ts'
import { resilientHotCache } from './resilient.ts'

/** A remote that counts its calls and fails while told to. */
function flakyRemote() {
  const inner = memoryHotCache(() => 0)
  const state = { calls: 0, isDown: false }
  const through = <T>(call: () => Promise<T>): Promise<T> => {
    state.calls++
    return state.isDown ? Promise.reject(new Error('down')) : call()
  }
  const cache: HotCache = {
    get: (kind, symbol) => through(() => inner.get(kind, symbol)),
    put: (kind, symbol, entry) => through(() => inner.put(kind, symbol, entry)),
  }
  return { state, cache }
}

function setUp() {
  const clock = { nowMs: 0 }
  const remote = flakyRemote()
  const opened: unknown[] = []
  const cache = resilientHotCache({
    remote: remote.cache,
    fallback: memoryHotCache(() => 0),
    nowMs: () => clock.nowMs,
    onOpen: (cause) => opened.push(cause),
  })
  return { clock, remote: remote.state, opened, cache }
}

describe('resilient hot cache', () => {
  const entry = { storedAtMs: 0, json: '1' }

  it('answers from memory while the remote fails, and never rejects', async () => {
    const { remote, cache } = setUp()
    remote.isDown = true
    await cache.put('levels', 'SPX', entry)
    expect(await cache.get('levels', 'SPX')).toEqual(entry)
  })

  it('leaves a failing remote alone after three failures in a row, for ten seconds', async () => {
    const { clock, remote, opened, cache } = setUp()
    remote.isDown = true
    for (let i = 0; i < 20; i++) await cache.get('levels', 'SPX')
    expect(remote.calls).toBe(3)
    expect(opened).toHaveLength(1)
    clock.nowMs = 9_999
    await cache.get('levels', 'SPX')
    expect(remote.calls).toBe(3)
  })

  it('tries once after that: a failure closes it off again, a success brings it back', async () => {
    const { clock, remote, cache } = setUp()
    remote.isDown = true
    for (let i = 0; i < 3; i++) await cache.get('levels', 'SPX')
    clock.nowMs = 10_000
    for (let i = 0; i < 5; i++) await cache.get('levels', 'SPX')
    expect(remote.calls).toBe(4)
    remote.isDown = false
    clock.nowMs = 20_000
    for (let i = 0; i < 5; i++) await cache.get('levels', 'SPX')
    expect(remote.calls).toBe(9)
  })

  it('does not count failures that are not in a row', async () => {
    const { remote, opened, cache } = setUp()
    for (let i = 0; i < 10; i++) {
      remote.isDown = i % 3 !== 2
      await cache.get('levels', 'SPX')
    }
    expect(opened).toEqual([])
    expect(remote.calls).toBe(10)
  })
})
