import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DAY_MS } from './quota.ts'

/** Far ahead, so that no alarm rings by itself. */
const startMs = Date.UTC(2046, 10, 20, 12)
const LIFE_MS = 60_000

let nowMs = startMs
beforeEach(() => {
  nowMs = startMs
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs)
})
afterEach(() => vi.restoreAllMocks())

const account = (name: string) => env.ACCOUNT.getByName(name)

describe('a ticket', () => {
  it('is burnt once of a hundred parallel tries', async () => {
    const tries = await Promise.all(
      Array.from({ length: 100 }, () => account('herd').burnTicket('one', nowMs + LIFE_MS)),
    )
    expect(tries.filter(Boolean)).toHaveLength(1)
  })

  it('stays burnt when the object has slept, and is nobody else’s', async () => {
    expect(await account('sleeper').burnTicket('one', nowMs + LIFE_MS)).toBe(true)
    await evictDurableObject(account('sleeper'))
    expect(await account('sleeper').burnTicket('one', nowMs + LIFE_MS)).toBe(false)
    expect(await account('sleeper').burnTicket('two', nowMs + LIFE_MS)).toBe(true)
    expect(await account('another').burnTicket('one', nowMs + LIFE_MS)).toBe(true)
  })

  it('that has ended is never good, remembered or not', async () => {
    expect(await account('late').burnTicket('one', nowMs + LIFE_MS)).toBe(true)
    nowMs += LIFE_MS
    expect(await account('late').burnTicket('one', startMs + LIFE_MS)).toBe(false)
    expect(await account('late').burnTicket('never seen', startMs + LIFE_MS)).toBe(false)
  })

  it('leaves nothing behind a day later', async () => {
    await account('gone').burnTicket('one', nowMs + LIFE_MS)
    nowMs += DAY_MS
    expect(await runDurableObjectAlarm(account('gone'))).toBe(true)
    await runInDurableObject(account('gone'), (_, { storage }) => {
      const tables = storage.sql.exec(`SELECT name FROM sqlite_master WHERE name = 'burntTickets'`)
      expect(tables.toArray()).toEqual([])
    })
  })
})
