/**
 * A client's allowance in Redis, one for all locations. GCRA: one instant says all there is to know, by when what was
 * taken has come back. Redis' own clock counts, so that those of many machines need not agree. `@upstash/ratelimit` is
 * not used: its scripts (2.2.0) do not run on an ordinary Redis, and bring a package for statistics along.
 */
import * as v from 'valibot'
import { REDIS_PREFIX } from '../../storage/redis/chooseRedis.ts'
import type { RedisLink } from '../../storage/redis/redisLink.ts'
import type { Allowance } from './abuseLimit.ts'

/** What is told has been served, so it is always taken, up to a debt. */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local interval, burst, cost, debt = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local full = burst * interval
local at = math.max(tonumber(redis.call('GET', KEYS[1]) or 0) or 0, now) + cost * interval
at = math.min(at, now + full + debt)
redis.call('SET', KEYS[1], string.format('%.3f', at), 'PX', math.ceil(at - now))
return math.max(0, math.ceil(at + interval - now - full))
`
/**
 * Of many isolates each lets one through before it hears that there is no room, so the more there are the longer each has
 * to wait; and a Redis that lies can keep nobody away for longer.
 */
const MAX_DEBT_MS = 5_000
const SLACK_MS = 10

/** How long there is no room for one more; null when Redis did not say, or nothing that can be. */
export async function takeShared(
  redis: RedisLink,
  client: string,
  { burst, perMinute }: Allowance,
  cost: number,
): Promise<number | null> {
  const intervalMs = 60_000 / perMinute
  const debtMs = Math.max(intervalMs, MAX_DEBT_MS)
  const schema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(debtMs + intervalMs + SLACK_MS))
  const answer = await redis.ask(schema, (commands) =>
    commands.eval(SCRIPT, [`${REDIS_PREFIX}burst:${client}`], [intervalMs, burst, cost, debtMs]),
  )
  return answer.ok ? answer.value : null
}
