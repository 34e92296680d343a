/** Refuses guests of a network address that asks for more than its allowance; see `abuseLimit.ts`. */
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { GUEST_PREFIX } from '#schemas/subject'
import type { AppEnv } from '../../appEnv.ts'
import { AppError } from '../errors/AppError.ts'
import { MemoryAbuseLimiter, networkOf, type AbuseLimiter } from './abuseLimit.ts'

/** Room for an office behind one address, and not for a farm. */
const tokens: AbuseLimiter = new MemoryAbuseLimiter({ burst: 60, perMinute: 30 })
const reads: AbuseLimiter = new MemoryAbuseLimiter({ burst: 1_200, perMinute: 1_200 })

export const limitNewGuests = createMiddleware<AppEnv>(async (c, next) => {
  admit(c, tokens)
  await next()
})

/** Of those with an account, the account is limited. */
export const limitGuests = createMiddleware<AppEnv>(async (c, next) => {
  if (c.get('caller').subject.startsWith(GUEST_PREFIX)) admit(c, reads)
  await next()
})

function admit(c: Context<AppEnv>, limiter: AbuseLimiter): void {
  // Set by Cloudflare, which lets no client set it; absent on one's own machine.
  const address = c.req.header('CF-Connecting-IP')
  if (address === undefined) return
  const waitMs = limiter.waitMs(networkOf(address), 1, Date.now())
  if (waitMs === 0) return
  const seconds = Math.ceil(waitMs / 1000)
  throw new AppError('rate_limited', `too many requests from your network: try again in ${seconds} s`, {
    retryAfterMs: waitMs,
    headers: { 'Retry-After': String(seconds) },
  })
}
