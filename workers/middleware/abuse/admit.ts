/** Lets a client through if its allowance has room, here and, as far as is known, elsewhere. */
import type { Context } from 'hono'
import type { AppEnv } from '../../appEnv.ts'
import { chooseRedis } from '../../storage/redis/chooseRedis.ts'
import { AppError } from '../errors/AppError.ts'
import { networkOf } from './abuseLimit.ts'
import type { BurstLimiter } from './BurstLimiter.ts'

/** @throws AppError 429 */
export function admit(c: Context<AppEnv>, limiter: BurstLimiter, client: string, whence: string): void {
  const waitMs = limiter.waitMs(client, Date.now())
  if (waitMs > 0) throw tooMany(waitMs, whence)
  const redis = chooseRedis(c.env)
  const sharing = redis && limiter.share(redis.background, client, Date.now)
  if (sharing) c.executionCtx.waitUntil(sharing)
}

/** @throws AppError 429 */
export function admitNetwork(c: Context<AppEnv>, limiter: BurstLimiter): void {
  // Set by Cloudflare, which lets no client set it; absent on one's own machine.
  const address = c.req.header('CF-Connecting-IP')
  if (address !== undefined) admit(c, limiter, networkOf(address), 'from your network')
}

function tooMany(waitMs: number, whence: string): AppError {
  const seconds = Math.ceil(waitMs / 1000)
  return new AppError('rate_limited', `too many requests ${whence}: try again in ${seconds} s`, {
    retryAfterMs: waitMs,
    headers: { 'Retry-After': String(seconds) },
  })
}
