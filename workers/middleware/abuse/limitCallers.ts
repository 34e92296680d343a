/**
 * Refuses bursts: of guests by their network, because another guest costs nothing to become, and of API keys, whose quota
 * would let two minutes' worth come around the end of a minute. Of others the account is limited.
 */
import { createMiddleware } from 'hono/factory'
import { GUEST_PREFIX } from '#schemas/subject'
import { TIER_LIMITS } from '#schemas/tiers'
import type { AppEnv } from '../../appEnv.ts'
import { admit, admitNetwork } from './admit.ts'
import { BurstLimiter } from './BurstLimiter.ts'

const guests = new BurstLimiter('guests', { burst: 1_200, perMinute: 1_200 })
/** Ten seconds' worth of the quota at once, and then as much as the quota. */
const keys = new BurstLimiter('keys', { burst: 1_000, perMinute: TIER_LIMITS.partner.unitsPerMinute })
/** Of a quota that is small, a test that starts many things at once needs more. */
const sandboxKeys = new BurstLimiter('sandbox', { burst: 150, perMinute: TIER_LIMITS.guest.unitsPerMinute })

export const limitCallers = createMiddleware<AppEnv>(async (c, next) => {
  const { subject, key } = c.get('caller')
  if (key !== undefined) admit(c, key.isSandbox ? sandboxKeys : keys, key.id, 'with this API key')
  else if (subject.startsWith(GUEST_PREFIX)) admitNetwork(c, guests)
  await next()
})
