/** `/v1/account/sessions`: where one is signed in. */
import { Hono, type Context } from 'hono'
import type { SessionList } from '#schemas/rest/accounts'
import { requireAccount } from '../accounts/requireAccount.ts'
import { endWithTokens, sessionOfCookie } from '../accounts/session.ts'
import { listSessions } from '../accounts/sessionStore.ts'
import { shownSession } from '../accounts/shownSession.ts'
import type { AppEnv } from '../appEnv.ts'
import { AppError, orUnavailable } from '../middleware/errors/AppError.ts'
import { describe } from '../openapi/describe.ts'
import { guardUncounted } from './guard.ts'

export const accountSessions = new Hono<AppEnv>()

const aboutList = describe({
  id: 'listSessions',
  tag: 'Accounts',
  summary: 'Where this account is signed in, newest first',
  access: 'account',
  answer: 'SessionList',
  problems: ['unknown_account'],
})

accountSessions.get('/v1/account/sessions', aboutList, guardUncounted('account'), async (c) => {
  const account = await requireAccount(c)
  const [own, held] = await orUnavailable('the list of sessions', () =>
    Promise.all([sessionOfCookie(c), listSessions(c.env.DB, account.id, Date.now())]),
  )
  const answer: SessionList = { data: held.map((record) => shownSession(record, own?.sessionId)) }
  c.header('Cache-Control', 'no-store')
  return c.json(answer)
})

const aboutEnd = describe({
  id: 'endSession',
  tag: 'Accounts',
  summary: 'Ends a session',
  description: 'The access tokens and sockets that came of it end with it; other sessions go on.',
  access: 'account',
  answer: 'none',
  problems: ['unknown_account', 'unknown_session'],
})

accountSessions.delete('/v1/account/sessions/:id', aboutEnd, guardUncounted('account'), async (c) => {
  const { id: accountId } = await requireAccount(c)
  if (!(await end(c, accountId, c.req.param('id'))))
    throw new AppError('unknown_session', 'expected the id of a session of yours, was another')
  return c.body(null, 204)
})

function end(c: Context<AppEnv>, accountId: string, sessionId: string): Promise<boolean> {
  return orUnavailable('the list of sessions', () =>
    endWithTokens(c, { accountId, sessionId }, 'session.ended'),
  )
}
