/** `/v1/auth/refresh` and `/v1/auth/logout`: how a session goes on, and how it ends. */
import { Hono } from 'hono'
import { requireOwnOrigin } from '../accounts/requireOwnOrigin.ts'
import { continueSession, leaveSession } from '../accounts/session.ts'
import type { AppEnv } from '../appEnv.ts'
import { limitNewGuests } from '../middleware/abuse/limitByNetwork.ts'
import { AppError, orUnavailable } from '../middleware/errors/AppError.ts'
import { describe } from '../openapi/describe.ts'

export const authSession = new Hono<AppEnv>()

const aboutRefresh = describe({
  id: 'refreshSession',
  tag: 'Accounts',
  summary: 'A new access token, of the tier the account has now, for the refresh token in the cookie',
  description:
    'Each refresh token is good for one exchange. Shown again within 10 s it gives the same successor; later it ends the ' +
    'session, as somebody has a copy. A session ends 7 days after its last exchange and 30 days after it began.',
  access: 'public',
  answer: 'SessionToken',
  problems: ['no_session', 'origin_not_allowed', 'rate_limited', 'unavailable'],
})

authSession.post('/v1/auth/refresh', aboutRefresh, requireOwnOrigin, limitNewGuests, async (c) => {
  const answer = await orUnavailable('the list of sessions', () => continueSession(c))
  // The same for every reason: who tries tokens learns nothing from the refusal.
  if (answer === null) throw new AppError('no_session', 'expected a session that goes on, was none: sign in')
  c.header('Cache-Control', 'no-store')
  return c.json(answer)
})

const aboutLogout = describe({
  id: 'endOwnSession',
  tag: 'Accounts',
  summary: 'Ends the session of the cookie',
  access: 'public',
  answer: 'none',
  problems: ['origin_not_allowed', 'rate_limited', 'unavailable'],
})

authSession.post('/v1/auth/logout', aboutLogout, requireOwnOrigin, limitNewGuests, async (c) => {
  await orUnavailable('the list of sessions', () => leaveSession(c))
  return c.body(null, 204)
})
