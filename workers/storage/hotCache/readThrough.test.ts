import * as v from 'valibot'
import { beforeEach, describe, expect, it } from 'vitest'
import { HOT_FRESH_MS, HOT_KEEP_MS, type HotCache } from './hotCache.ts'
import { memoryHotCache } from './memory.ts'
import { readThrough } from './readThrough.ts'

class OutOfReach extends Error {}

let nowMs: number
let reads: number
let cache: HotCache
let object: { readonly answer: number | null } | { readonly error: Error }

beforeEach(() => {
  nowMs = 1_000_000
  reads = 0
  cache = memoryHotCache(() => nowMs)
  object = { answer: 1 }
})

function read() {
  return readThrough({
    cache,
    kind: 'levels',
    symbol: 'SPX',
    schema: v.number(),
    read: async () => {
      reads++
      if ('error' in object) throw object.error
      return object.answer
    },
    isOutOfReach: (error) => error instanceof OutOfReach,
    nowMs: () => nowMs,
  })
}

describe('reading through the hot cache', () => {
  it('gives every reader of a cached answer the same one, which none can change', async () => {
    const rows = { rows: [{ strike: 100 }] }
    const schema = v.object({ rows: v.array(v.object({ strike: v.number() })) })
    await cache.put('exposure', 'SPX', { storedAtMs: nowMs, json: JSON.stringify(rows) })
    const options = { cache, kind: 'exposure', symbol: 'SPX', schema, nowMs: () => nowMs } as const
    const get = () => readThrough({ ...options, read: async () => null, isOutOfReach: () => false })
    const [first, second] = [await get(), await get()]
    expect(first?.value).toEqual(rows)
    expect(second?.value).toBe(first?.value)
    expect(() => ((first?.value.rows[0] ?? { strike: 0 }).strike = 1)).toThrow('read only')
  })

  it('asks the object once per fresh time', async () => {
    expect(await read()).toEqual({ value: 1, from: 'object', ageMs: 0, isStale: false })
    object = { answer: 2 }
    nowMs += HOT_FRESH_MS - 1
    expect(await read()).toEqual({ value: 1, from: 'cache', ageMs: HOT_FRESH_MS - 1, isStale: false })
    nowMs += 1
    expect(await read()).toEqual({ value: 2, from: 'object', ageMs: 0, isStale: false })
    expect(reads).toBe(2)
  })

  it('answers for an object out of reach, marked stale, for a minute', async () => {
    await read()
    object = { error: new OutOfReach() }
    nowMs += HOT_KEEP_MS - 1
    expect(await read()).toEqual({ value: 1, from: 'cache', ageMs: HOT_KEEP_MS - 1, isStale: true })
    nowMs += 1
    await expect(read()).rejects.toBe('error' in object ? object.error : null)
  })

  it('does not hide a defect behind an old answer', async () => {
    await read()
    object = { error: new TypeError('defect') }
    nowMs += HOT_FRESH_MS
    await expect(read()).rejects.toThrow('defect')
  })

  it('passes on that the object has nothing, and keeps nothing of it', async () => {
    object = { answer: null }
    expect(await read()).toBeNull()
    object = { answer: 3 }
    expect((await read())?.value).toBe(3)
  })

  it.each(['"text"', 'not JSON', ''])('takes a kept %s that is no answer for absent', async (json) => {
    await cache.put('levels', 'SPX', { storedAtMs: nowMs, json })
    expect(await read()).toEqual({ value: 1, from: 'object', ageMs: 0, isStale: false })
  })
})
