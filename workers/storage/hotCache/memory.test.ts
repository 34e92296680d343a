import { expect, it } from 'vitest'
import { describeHotCache } from './contract.ts'
import { HOT_KEEP_MS, HOT_MAX_LENGTH } from './hotCache.ts'
import { memoryHotCache } from './memory.ts'

describeHotCache('memory', () => memoryHotCache())

it('forgets an entry when its time is over', async () => {
  let nowMs = 1_000
  const cache = memoryHotCache(() => nowMs)
  await cache.put('levels', 'SPX', { storedAtMs: nowMs, json: '1' })
  nowMs += HOT_KEEP_MS - 1
  expect((await cache.get('levels', 'SPX'))?.json).toBe('1')
  nowMs += 1
  expect(await cache.get('levels', 'SPX')).toBeNull()
})

it('is bounded: the entry put longest ago goes first', async () => {
  const cache = memoryHotCache(() => 0)
  const put = (symbol: string) => cache.put('levels', symbol, { storedAtMs: 0, json: '1' })
  await put('FIRST')
  await put('SECOND')
  await put('FIRST')
  for (let i = 0; i < 511; i++) await put(`S${i}`)
  expect(await cache.get('levels', 'SECOND')).toBeNull()
  expect((await cache.get('levels', 'FIRST'))?.json).toBe('1')
})

it('is bounded in size, and keeps no answer that is too large for it', async () => {
  const cache = memoryHotCache(() => 0)
  const json = 'x'.repeat(HOT_MAX_LENGTH)
  for (let i = 0; i < 17; i++) await cache.put('levels', `S${i}`, { storedAtMs: 0, json })
  expect(await cache.get('levels', 'S0')).toBeNull()
  expect(await cache.get('levels', 'S1')).not.toBeNull()
  await cache.put('levels', 'S1', { storedAtMs: 0, json: `${json}x` })
  expect(await cache.get('levels', 'S1')).toBeNull()
})
