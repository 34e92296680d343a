/** Reads through a real Redis that is killed in the middle, and started again. */
import { afterEach, describe, expect, it } from 'vitest'
import * as v from 'valibot'
import { memoryHotCache } from '#workers/storage/hotCache/memory'
import { readThrough } from '#workers/storage/hotCache/readThrough'
import { upstashHotCache } from '#workers/storage/hotCache/upstash'
import { RedisLink } from '#workers/storage/redis/redisLink'
import { hasRedis, startRedis, type Running } from './redis.testkit.ts'

const running: Running[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((redis) => redis.close()))
})

async function start(port?: number) {
  const redis = await startRedis(port)
  running.push(redis)
  return redis
}

const ViewSchema = v.object({ symbol: v.string(), epoch: v.number(), sequence: v.number() })

describe.skipIf(!hasRedis)('a Redis killed in the middle (skipped where there is no redis-server)', () => {
  it('costs no read its answer, is left alone, and serves again when it is back', async () => {
    const first = await start()
    const clock = { nowMs: 1_000_000 }
    const opened: unknown[] = []
    const link = () =>
      new RedisLink({
        url: first.url,
        token: first.token,
        timeoutMs: 20_000,
        nowMs: () => clock.nowMs,
        onOpen: (cause) => opened.push(cause),
      })
    const shared = upstashHotCache({ waitedFor: link(), background: link() })
    let sequence = 0
    /** As an isolate that remembers nothing of its own. */
    const read = async () => {
      const background: Promise<void>[] = []
      const answer = await readThrough({
        memory: memoryHotCache(),
        shared,
        kind: 'levels',
        symbol: 'SPX',
        schema: ViewSchema,
        claimOf: (value) => ({ ...value, staleAtMs: null }),
        read: async () => ({ symbol: 'SPX', epoch: 1, sequence: ++sequence }),
        isOutOfReach: () => false,
        nowMs: () => clock.nowMs,
        later: (work) => void background.push(work),
      })
      await Promise.all(background)
      return `${answer?.value.sequence} from ${answer?.from}`
    }

    expect([await read(), await read()]).toEqual(['1 from object', '1 from cache'])
    await first.kill()
    for (let i = 2; i <= 21; i++) expect(await read()).toBe(`${i} from object`)
    expect(opened).toHaveLength(2)

    await first.close()
    await start(Number(new URL(first.url).port))
    expect(await read()).toBe('22 from object')
    clock.nowMs += 10_000
    expect([await read(), await read()]).toEqual(['23 from object', '23 from cache'])
  })
})
