/** One client's burst in several locations, limited through a real Redis, and through ones that are down or lie. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Redis } from '@upstash/redis/cloudflare'
import { BurstLimiter } from '#workers/middleware/abuse/BurstLimiter'
import { takeShared } from '#workers/middleware/abuse/sharedBucket'
import type { RedisAddress } from '#workers/storage/redis/redisLink'
import {
  hasRedis,
  linksTo,
  nobody,
  startLiar,
  startRedis,
  type Running,
  type RunningRedis,
} from './redis.testkit.ts'

/** One more comes back only after a minute, so that a slow machine changes nothing. */
const ALLOWANCE = { burst: 20, perMinute: 1 }

let client = ''
beforeEach(() => {
  client = crypto.randomUUID()
})

function locationOn(address: RedisAddress, allowance = ALLOWANCE) {
  const limiter = new BurstLimiter('test', allowance)
  const { background } = linksTo(address)
  const sharing: Promise<void>[] = []
  /** Whether it was let through. */
  const take = (): boolean => {
    if (limiter.waitMs(client, Date.now()) > 0) return false
    const shared = limiter.share(background, client, Date.now)
    if (shared !== null) sharing.push(shared)
    return true
  }
  const settled = async () => void (await Promise.all(sharing.splice(0)))
  return { take, settled }
}

async function countServed(
  locations: readonly ReturnType<typeof locationOn>[],
  calls: number,
): Promise<number> {
  let served = 0
  for (let i = 0; i < calls; i++) {
    for (const { take, settled } of locations) {
      if (take()) served++
      // oxlint-disable-next-line no-await-in-loop -- one after the other is what is tested
      await settled()
    }
  }
  return served
}

describe.skipIf(!hasRedis)('a burst limit with a real Redis (skipped where there is no redis-server)', () => {
  let redis: RunningRedis
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.close())

  it('is one for all locations: exact when calls come one by one', async () => {
    const locations = Array.from({ length: 5 }, () => locationOn(redis))
    // One more each, to be told that there is no room.
    const served = await countServed(locations, 20)
    expect(served).toBeGreaterThanOrEqual(ALLOWANCE.burst)
    expect(served).toBeLessThanOrEqual(ALLOWANCE.burst + locations.length)
  })

  it('is overrun by what comes at once, in each location by no more than its own', async () => {
    const locations = Array.from({ length: 3 }, () => locationOn(redis))
    const atOnce = locations.map(({ take }) => Array.from({ length: 50 }, take).filter(Boolean).length)
    expect(atOnce).toEqual([20, 20, 20])
    await Promise.all(locations.map(({ settled }) => settled()))
    expect(await countServed([...locations], 5)).toBe(0)
    const fresh = locationOn(redis)
    expect(fresh.take()).toBe(true)
    await fresh.settled()
    expect(fresh.take()).toBe(false)
  })

  it('is each client’s own', async () => {
    const location = locationOn(redis)
    expect(await countServed([location], 30)).toBe(20)
    client = crypto.randomUUID()
    expect(await countServed([locationOn(redis)], 30)).toBe(20)
  })

  it('comes back with time, and leaves nothing in Redis when it has', async () => {
    const { take, settled } = locationOn(redis, { burst: 2, perMinute: 60 })
    take()
    await settled()
    const leftMs = await new Redis(redis).pttl(`flipwire:2:burst:test:${client}`)
    expect(leftMs).toBeGreaterThan(0)
    expect(leftMs).toBeLessThanOrEqual(1_000)
  })

  it('keeps away no longer than five seconds whoever has taken much too much', async () => {
    const allowance = { burst: 20, perMinute: 60 }
    const { background } = linksTo(redis)
    const waitMs = (await takeShared(background, client, allowance, 10_000)) ?? 0
    expect(waitMs).toBeGreaterThan(5_000)
    expect(waitMs).toBeLessThanOrEqual(6_000)
  })

  it('survives a value that is none', async () => {
    await new Redis(redis).set(`flipwire:2:burst:test:${client}`, 'something else')
    expect(await countServed([locationOn(redis)], 30)).toBe(20)
    await new Redis(redis).del(`flipwire:2:burst:test:${client}`)
    await new Redis(redis).rpush(`flipwire:2:burst:test:${client}`, 'a list')
    expect(await countServed([locationOn(redis)], 30)).toBe(20)
  })
})

describe('a burst limit without a good Redis', () => {
  const running: Running[] = []
  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.close()))
  })

  it('is each location’s own while Redis is down', async () => {
    const address = await nobody()
    expect(await countServed([locationOn(address), locationOn(address)], 30)).toBe(40)
  })

  it.each([
    ['garbage', 'garbage'],
    ['an error', '{"error":"NOSCRIPT"}'],
    ['text', JSON.stringify({ result: btoa('soon') })],
    ['a negative time', '{"result":-5}'],
    ['for ever', '{"result":1e12}'],
    ['a list', '{"result":[0,1]}'],
  ])('is each location’s own while Redis answers %s', async (_, answer) => {
    const liar = await startLiar(answer)
    running.push(liar)
    expect(await countServed([locationOn(liar), locationOn(liar)], 30)).toBe(40)
  })

  it('does not wait for a Redis that hangs', async () => {
    const silent = await startLiar(null)
    running.push(silent)
    const { take } = locationOn(silent)
    expect(Array.from({ length: 30 }, take).filter(Boolean)).toHaveLength(20)
  })
})
