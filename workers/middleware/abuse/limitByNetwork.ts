/** Refuses who comes without an account from a network address that asks for more than its allowance. */
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '../../appEnv.ts'
import { admitNetwork } from './admit.ts'
import { BurstLimiter } from './BurstLimiter.ts'

/** Room for an office behind one address, and not for a farm. */
const tokens = new BurstLimiter('tokens', { burst: 60, perMinute: 30 })

export const limitNewGuests = createMiddleware<AppEnv>(async (c, next) => {
  admitNetwork(c, tokens)
  await next()
})
