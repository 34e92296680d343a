import * as v from 'valibot'
import { beforeEach, describe, expect, it } from 'vitest'
import { HOT_FRESH_MS, HOT_KEEP_MS, type HotCache } from './hotCache.ts'
import { memoryHotCache } from './memory.ts'
import { readThrough } from './readThrough.ts'

class OutOfReach extends Error {}

const ViewSchema = v.object({
  symbol: v.string(),
  epoch: v.number(),
  sequence: v.number(),
  staleAtMs: v.nullable(v.number()),
  rows: v.array(v.object({ strike: v.number() })),
})
type View = v.InferOutput<typeof ViewSchema>

const view = (sequence: number, changes: Partial<View> = {}): View => ({
  symbol: 'SPX',
  epoch: 1,
  sequence,
  staleAtMs: null,
  rows: [{ strike: 100 }],
  ...changes,
})

let nowMs: number
let reads: number
let memory: HotCache
let shared: HotCache
let background: Promise<void>[]
let object: { readonly answer: View | null } | { readonly error: Error }

beforeEach(() => {
  nowMs = 1_000_000
  reads = 0
  memory = memoryHotCache(() => nowMs)
  shared = memoryHotCache(() => nowMs)
  background = []
  object = { answer: view(1) }
})

function read(caches: { memory?: HotCache; shared?: HotCache | null } = {}) {
  return readThrough({
    memory,
    shared,
    ...caches,
    kind: 'levels',
    symbol: 'SPX',
    schema: ViewSchema,
    claimOf: (value) => value,
    read: async () => {
      reads++
      if ('error' in object) throw object.error
      return object.answer
    },
    isOutOfReach: (error) => error instanceof OutOfReach,
    nowMs: () => nowMs,
    later: (work) => void background.push(work),
  })
}

function share(value: unknown, storedAtMs = nowMs): Promise<void> {
  return shared.put('levels', 'SPX', { storedAtMs, json: JSON.stringify(value) })
}

describe('reading through the hot cache', () => {
  it('gives every reader of a cached answer the same one, which none can change', async () => {
    await memory.put('levels', 'SPX', { storedAtMs: nowMs, json: JSON.stringify(view(1)) })
    const [first, second] = [await read(), await read()]
    expect(first?.value).toEqual(view(1))
    expect(second?.value).toBe(first?.value)
    expect(() => ((first?.value.rows[0] ?? { strike: 0 }).strike = 1)).toThrow('read only')
  })

  it('asks the object once per fresh time', async () => {
    expect(await read()).toEqual({ value: view(1), from: 'object', ageMs: 0, isStale: false })
    object = { answer: view(2) }
    nowMs += HOT_FRESH_MS - 1
    expect(await read()).toEqual({ value: view(1), from: 'cache', ageMs: HOT_FRESH_MS - 1, isStale: false })
    nowMs += 1
    expect(await read()).toEqual({ value: view(2), from: 'object', ageMs: 0, isStale: false })
    expect(reads).toBe(2)
  })

  it('answers for an object out of reach, marked stale, for a minute', async () => {
    await read()
    object = { error: new OutOfReach() }
    nowMs += HOT_KEEP_MS - 1
    expect(await read()).toEqual({ value: view(1), from: 'cache', ageMs: HOT_KEEP_MS - 1, isStale: true })
    nowMs += 1
    await expect(read()).rejects.toBe('error' in object ? object.error : null)
  })

  it('asks the object for an answer whose data have become too old to be called fresh', async () => {
    object = { answer: view(1, { staleAtMs: nowMs + 400 }) }
    await read()
    nowMs += 399
    expect((await read())?.from).toBe('cache')
    nowMs += 1
    expect((await read())?.from).toBe('object')
    object = { error: new OutOfReach() }
    expect((await read())?.isStale).toBe(true)
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
    object = { answer: view(3) }
    expect((await read())?.value).toEqual(view(3))
  })

  it.each(['"text"', 'not JSON', ''])('takes a kept %s that is no answer for absent', async (json) => {
    await memory.put('levels', 'SPX', { storedAtMs: nowMs, json })
    expect((await read())?.from).toBe('object')
  })
})

describe('what isolates share', () => {
  it('spares the object the reads of another isolate, and Redis those of this one', async () => {
    await read()
    await Promise.all(background)
    const otherIsolate = memoryHotCache(() => nowMs)
    expect(await read({ memory: otherIsolate })).toMatchObject({ from: 'cache', isStale: false })
    shared = { get: () => Promise.reject(new Error('asked again')), put: async () => {} }
    expect(await read({ memory: otherIsolate })).toMatchObject({ from: 'cache', isStale: false })
    expect(reads).toBe(1)
  })

  it('stands in for the object, marked stale, where memory has nothing', async () => {
    await share(view(7), nowMs - 30_000)
    object = { error: new OutOfReach() }
    expect(await read()).toEqual({ value: view(7), from: 'cache', ageMs: 30_000, isStale: true })
  })

  it('is not waited for when an answer is stored', async () => {
    shared = { get: async () => null, put: () => new Promise(() => {}) }
    expect((await read())?.from).toBe('object')
  })

  it.each([
    ['of another symbol', () => view(9, { symbol: 'NDX' }), 0],
    ['older than what is known here', () => view(4), 0],
    ['of an older epoch', () => view(9, { epoch: 0 }), 0],
    ['of another form', () => ({ symbol: 'SPX' }), 0],
    ['from the future', () => view(9), HOT_FRESH_MS],
    ['with data too old to be called fresh', () => view(9, { staleAtMs: 1_000_000 }), 0],
  ])('is not believed when it is %s', async (_, value, aheadMs) => {
    object = { answer: view(5) }
    await read({ shared: null })
    nowMs += HOT_FRESH_MS
    await share(value(), nowMs + aheadMs)
    object = { answer: view(6) }
    expect(await read()).toMatchObject({ value: { sequence: 6, symbol: 'SPX' }, from: 'object' })
  })

  it('stands in neither when it is a lie', async () => {
    await share(view(9, { symbol: 'NDX' }))
    object = { error: new OutOfReach() }
    await expect(read()).rejects.toThrow(OutOfReach)
    await share(view(9), nowMs + 3_600_000)
    await expect(read()).rejects.toThrow(OutOfReach)
  })
})
