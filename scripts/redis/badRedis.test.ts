/** Redis that is slow, down, or lies. */
import * as v from 'valibot'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { linksTo, nobody, startLiar, TOKEN, type Running } from './redis.testkit.ts'
import { HOT_MAX_LENGTH } from '#workers/storage/hotCache/hotCache'
import { upstashHotCache } from '#workers/storage/hotCache/upstash'
import { RedisLink, type RedisAddress } from '#workers/storage/redis/redisLink'

const open: Running[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()))
})

async function liar(answer: string | null, status?: number): Promise<Running> {
  const server = await startLiar(answer, status)
  open.push(server)
  return server
}

function setUp(address: RedisAddress, timeoutMs = 20_000) {
  const clock = { nowMs: 0 }
  const seen = { calls: 0, opened: 0 }
  const link = new RedisLink({
    ...address,
    timeoutMs,
    nowMs: () => clock.nowMs,
    onOpen: () => void seen.opened++,
  })
  const ask = () =>
    link.ask(v.string(), (redis) => {
      seen.calls++
      return redis.get('key')
    })
  return { clock, seen, ask }
}

describe('a link to Redis', () => {
  it('gives up on one that never answers, within its budget', async () => {
    const { ask } = setUp(await liar(null), 50)
    expect(await ask()).toEqual({ ok: false })
  })

  it('gives up on one that nobody reaches, without trying again', async () => {
    const { seen, ask } = setUp(await nobody())
    expect(await ask()).toEqual({ ok: false })
    expect(seen.calls).toBe(1)
  })

  it.each([
    ['garbage', '<html>Bad gateway</html>', 502],
    ['garbage with 200', 'not JSON', 200],
    ['half an answer', '{"result":"', 200],
    ['an error', '{"error":"ERR"}', 400],
    ['nothing', '', 200],
    ['null', 'null', 200],
    ['another type', '{"result":[1,2]}', 200],
    ['a number', '{"result":5}', 200],
  ])('takes %s for no answer', async (_, body, status) => {
    const { ask } = setUp(await liar(body, status))
    expect(await ask()).toEqual({ ok: false })
  })

  it('leaves a failing one alone after three calls, and asks one call at a time whether it is back', async () => {
    const { clock, seen, ask } = setUp(await nobody())
    for (let i = 0; i < 10; i++) await ask()
    expect(seen).toEqual({ calls: 3, opened: 1 })
    clock.nowMs = 10_000
    await Promise.all(Array.from({ length: 10 }, ask))
    expect(seen).toEqual({ calls: 4, opened: 1 })
  })

  it('makes a request of each call: in workerd one request must not wait for the fetch of another', async () => {
    const { ask } = setUp(await liar('{"result":"eWVz"}'))
    const requests = vi.spyOn(globalThis, 'fetch')
    await Promise.all([ask(), ask(), ask()])
    expect(requests).toHaveBeenCalledTimes(3)
    requests.mockRestore()
  })

  it('is not left alone while it answers', async () => {
    const { clock, seen, ask } = setUp(await liar('{"result":"eWVz"}'))
    for (let i = 0; i < 5; i++) expect(await ask()).toEqual({ ok: true, value: 'yes' })
    clock.nowMs = 10_000
    expect(seen).toEqual({ calls: 5, opened: 0 })
  })
})

describe('a hot cache on a Redis that lies', () => {
  const stored = (value: unknown) =>
    JSON.stringify({ result: Buffer.from(JSON.stringify(value)).toString('base64') })

  it.each([
    ['something else', stored('text')],
    ['an entry of another form', stored({ storedAtMs: 'now', json: '1' })],
    ['a number beyond all', stored({ storedAtMs: 1, json: 5 })],
    ['an entry too large', stored({ storedAtMs: 1, json: 'x'.repeat(HOT_MAX_LENGTH + 1) })],
    ['nothing', '{"result":""}'],
    ['bytes that are no text', JSON.stringify({ result: '/////w==' })],
  ])('has nothing where it is given %s', async (_, body) => {
    const cache = upstashHotCache(linksTo(await liar(body)))
    expect(await cache.get('levels', 'SPX')).toBeNull()
  })

  it('believes what is of the right form', async () => {
    const cache = upstashHotCache(linksTo(await liar(stored({ storedAtMs: 1, json: '5' }))))
    expect(await cache.get('levels', 'SPX')).toEqual({ storedAtMs: 1, json: '5' })
  })

  it('never rejects, also while storing', async () => {
    const cache = upstashHotCache(linksTo({ ...(await nobody()), token: TOKEN }))
    await cache.put('levels', 'SPX', { storedAtMs: 0, json: '1' })
    expect(await cache.get('levels', 'SPX')).toBeNull()
  })
})
