/** `POST /v1/auth/guest`: a token for a visitor without an account. */
import { Hono } from 'hono'
import type { GuestToken } from '#schemas/claims'
import { TIERS } from '#schemas/tiers'
import type { AppEnv } from '../appEnv.ts'
import { describe } from '../openapi/describe.ts'
import { authKeys } from '../auth/authKeys.ts'
import { issueGuestToken } from '../auth/issueToken.ts'
import { limitNewGuests } from '../middleware/abuse/limitByNetwork.ts'

export const guest = new Hono<AppEnv>()

const about = describe({
  id: 'issueGuestToken',
  tag: 'Access',
  summary: 'A token for a visitor without an account, good for 15 minutes',
  access: 'public',
  answer: 'GuestToken',
})

guest.post('/v1/auth/guest', about, limitNewGuests, async (c) => {
  const tier = TIERS.find((known) => known === c.env.GUEST_TIER) ?? 'guest'
  const { token, expiresAtMs } = await issueGuestToken(tier, await authKeys(c.env), Date.now())
  const answer: GuestToken = { token, tier, expiresAt: new Date(expiresAtMs).toISOString() }
  c.header('Cache-Control', 'no-store')
  return c.json(answer)
})
