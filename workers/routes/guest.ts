/** `POST /v1/auth/guest`: a token for a visitor without an account, and the next one for who has one. */
import { Hono } from 'hono'
import type { GuestToken } from '#schemas/claims'
import { TIERS } from '#schemas/tiers'
import { returningGuest } from '../accounts/returningGuest.ts'
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
  description:
    'With the last token in `Authorization: Bearer`, good or ended less than a day ago, it is of the same guest, for a week; ' +
    'with anything else of a new one.',
  access: 'public',
  answer: 'GuestToken',
})

guest.post('/v1/auth/guest', about, limitNewGuests, async (c) => {
  const tier = TIERS.find((known) => known === c.env.GUEST_TIER) ?? 'guest'
  const nowMs = Date.now()
  const returning = (await returningGuest(c, nowMs)) ?? undefined
  const { token, expiresAtMs } = await issueGuestToken(tier, await authKeys(c.env), nowMs, returning)
  const answer: GuestToken = { token, tier, expiresAt: new Date(expiresAtMs).toISOString() }
  c.header('Cache-Control', 'no-store')
  return c.json(answer)
})
