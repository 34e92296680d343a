import { evictDurableObject, listDurableObjectIds } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { usageOf } from './usageClient.ts'

const day = '2026-11-20'

describe('the usage meter', () => {
  it('counts by caller, day and route', async () => {
    const usage = usageOf(env.USAGE, 'a')
    await usage.count(day, 'GET /v1/levels/:symbol')
    await usage.count(day, 'GET /v1/levels/:symbol')
    await usage.count('2026-11-21', 'GET /v1/symbols')
    expect(await usage.readDay(day)).toEqual({ 'GET /v1/levels/:symbol': 2 })
    expect(await usage.readDay('2026-11-21')).toEqual({ 'GET /v1/symbols': 1 })
    expect(await usage.readDay('2026-11-22')).toEqual({})
    expect(await usageOf(env.USAGE, 'b').readDay(day)).toEqual({})
  })

  it('counts every one of many calls at once', async () => {
    const usage = usageOf(env.USAGE, 'busy')
    await Promise.all(Array.from({ length: 100 }, () => usage.count(day, 'r')))
    expect(await usage.readDay(day)).toEqual({ r: 100 })
  })

  it('survives eviction', async () => {
    const usage = usageOf(env.USAGE, 'evicted')
    await usage.count(day, 'r')
    await evictDurableObject(env.USAGE.getByName('caller:evicted'))
    await usage.count(day, 'r')
    await evictDurableObject(env.USAGE.getByName('caller:evicted'))
    expect(await usage.readDay(day)).toEqual({ r: 2 })
  })

  it('forgets days after five weeks', async () => {
    const usage = usageOf(env.USAGE, 'old')
    const days = Array.from({ length: 40 }, (_, i) =>
      new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10),
    )
    for (const past of days) await usage.count(past, 'r')
    const kept = await Promise.all(days.map(async (past) => 'r' in (await usage.readDay(past))))
    expect(kept.filter(Boolean)).toHaveLength(35)
    expect(kept.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => false))
  })

  it.each([
    ['like an object id', 'f'.repeat(64)],
    ['beyond ASCII', 'Zoë 𝄞'],
    ['like an escape', '%'],
    ['like a property', '__proto__'],
    ['not well-formed', '\ud800'],
  ])('keeps a caller whose name is %s apart from every other', async (_, caller) => {
    const before = (await listDurableObjectIds(env.USAGE)).length
    await usageOf(env.USAGE, caller).count(day, 'r')
    expect(await usageOf(env.USAGE, caller).readDay(day)).toEqual({ r: 1 })
    expect((await listDurableObjectIds(env.USAGE)).length).toBe(before + 1)
  })
})
