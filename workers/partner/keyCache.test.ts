import { describe, expect, it } from 'vitest'
import { KeyCache } from './keyCache.ts'
import type { KeyRecord } from './keyStore.ts'

const key = { id: 'k', expiresMs: 1e12 } as KeyRecord

/** A database whose answer can be changed, and that counts its questions. */
function database(answer: KeyRecord | null) {
  const held = { answer, questions: 0 }
  const read = () => {
    held.questions++
    return Promise.resolve(held.answer)
  }
  return { held, read }
}

describe('remembered keys', () => {
  it('know of a revocation within half a minute', async () => {
    const cache = new KeyCache()
    const { held, read } = database(key)
    await cache.find('h', read, 0)
    held.answer = { ...key, expiresMs: 1 }
    expect(await cache.find('h', read, 29_999)).toMatchObject({ key, atMs: 0 })
    expect(await cache.find('h', read, 30_000)).toMatchObject({ key: held.answer, atMs: 30_000 })
    expect(held.questions).toBe(2)
  })

  it('are asked for anew once they are in doubt', async () => {
    const cache = new KeyCache()
    const { held, read } = database(key)
    cache.doubt('h')
    await cache.find('h', read, 0)
    cache.doubt('h')
    expect(await cache.find('h', read, 1)).toMatchObject({ key, atMs: 1 })
    await cache.find('h', read, 2)
    expect(held.questions).toBe(2)
  })

  it('know of a new key within two seconds', async () => {
    const cache = new KeyCache()
    const { held, read } = database(null)
    expect((await cache.find('h', read, 0)).key).toBeNull()
    held.answer = key
    expect((await cache.find('h', read, 1_999)).key).toBeNull()
    expect((await cache.find('h', read, 2_000)).key).toBe(key)
  })

  it('are written down as used once a minute, however often they are read anew', async () => {
    const cache = new KeyCache()
    const times = [100_000, 130_000, 159_999, 160_000]
    const due: boolean[] = []
    for (const nowMs of times) {
      await cache.find('h', () => Promise.resolve(key), nowMs)
      due.push(cache.isTouchDue('h', nowMs))
    }
    expect(due).toEqual([true, false, false, true])
  })
})
