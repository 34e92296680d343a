/** The REST front and the Upstash hot cache, both against a real redis-server of this machine. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Redis } from '@upstash/redis/cloudflare'
import { describeHotCache } from '#workers/storage/hotCache/contract'
import { upstashHotCache } from '#workers/storage/hotCache/upstash'
import { hasRedis, linksTo, startRedis, TOKEN as token, type RunningRedis } from './redis.testkit.ts'

describe.skipIf(!hasRedis)('Redis over REST (skipped where there is no redis-server)', () => {
  let front: RunningRedis

  beforeAll(async () => {
    front = await startRedis()
  })
  afterAll(() => front.close())

  describeHotCache('Upstash', () => upstashHotCache(linksTo(front)))

  it('lets a hot entry expire within its minute', async () => {
    const redis = new Redis({ url: front.url, token })
    const storedAtMs = Date.now()
    await upstashHotCache(linksTo(front)).put('frame', 'EXP', { storedAtMs, json: '1' })
    const leftMs = await redis.pttl('flipwire:2:hot:frame:EXP')
    expect(leftMs).toBeGreaterThan(55_000)
    expect(leftMs).toBeLessThanOrEqual(60_000)
  })

  it('takes an entry of another form for absent', async () => {
    await new Redis({ url: front.url, token }).set('flipwire:2:hot:frame:OLD', 'something else')
    expect(await upstashHotCache(linksTo(front)).get('frame', 'OLD')).toBeNull()
  })

  it('serves the Upstash client: values, counters, hashes, lists, null', async () => {
    const redis = new Redis({ url: front.url, token })
    expect(await redis.ping()).toBe('PONG')
    expect(await redis.set('greeting', 'OK')).toBe('OK')
    expect(await redis.get('greeting')).toBe('OK')
    expect(await redis.get('absent')).toBeNull()
    expect(await redis.incrby('counter', 5)).toBe(5)
    await redis.hset('hash', { strike: 6485, name: 'ü€' })
    expect(await redis.hgetall('hash')).toEqual({ strike: 6485, name: 'ü€' })
    await redis.rpush('list', 'a', 'b', 'c')
    expect(await redis.lrange('list', 0, -1)).toEqual(['a', 'b', 'c'])
  })

  it('runs a pipeline in order and reports each failure in its place', async () => {
    const replies = await post('/pipeline', [
      ['SET', 'p', '1'],
      ['LPUSH', 'p', 'x'],
      ['INCR', 'p'],
    ])
    expect(replies.body).toEqual([
      { result: 'OK' },
      { error: expect.stringMatching(/^WRONGTYPE/) as string },
      { result: 2 },
    ])
  })

  it('runs a transaction whole, or not at all', async () => {
    const redis = new Redis({ url: front.url, token })
    expect(await redis.multi().set('t', 1).incr('t').get('t').exec()).toEqual(['OK', 2, 2])
    const refused = await post('/multi-exec', [['SET', 't', '9'], ['NOSUCHCOMMAND']])
    expect(refused.status).toBe(400)
    expect(await redis.get('t')).toBe(2)
  })

  it('keeps concurrent callers apart on the shared connection', async () => {
    const redis = new Redis({ url: front.url, token })
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => redis.multi().set(`c${i}`, i).get(`c${i}`).exec()),
    )
    expect(answers).toEqual(Array.from({ length: 100 }, (_, i) => ['OK', i]))
  })

  it.each([
    ['no token', '/', ['PING'], null, 401],
    ['a wrong token', '/', ['PING'], 'test-tokem', 401],
    ['another path', '/keys', ['PING'], token, 404],
    ['a body that is no command', '/', { a: 1 }, token, 400],
    ['an unknown command', '/', ['NOSUCHCOMMAND'], token, 400],
    ['a command that changes the connection', '/', ['select', 1], token, 400],
    ['the same inside a pipeline', '/pipeline', [['SUBSCRIBE', 'x']], token, 400],
  ])('refuses %s', async (_, path, body, bearer, status) => {
    const answer = await post(path, body, bearer)
    expect(answer.status).toBe(status)
    expect(answer.body).toHaveProperty('error')
  })

  async function post(
    path: string,
    body: unknown,
    bearer: string | null = token,
  ): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${front.url}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: bearer === null ? {} : { authorization: `Bearer ${bearer}` },
    })
    return { status: response.status, body: await response.json() }
  }
})
