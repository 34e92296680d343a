/**
 * For what an access token that got out must not be enough for: the cookie of a session of the same account, from one of our
 * own pages.
 */
import type { Context } from 'hono'
import type { AppEnv } from '../appEnv.ts'
import { AppError, orUnavailable } from '../middleware/errors/AppError.ts'
import type { Account } from './accountStore.ts'
import { decideRefresh } from './refresh.ts'
import { checkOwnOrigin } from './requireOwnOrigin.ts'
import { sessionOfCookie } from './session.ts'

/** @throws AppError 401, 403 */
export async function requireSession(c: Context<AppEnv>, account: Account): Promise<void> {
  checkOwnOrigin(c)
  const found = await orUnavailable('the list of sessions', () => sessionOfCookie(c))
  const verdict = found === null ? 'expired' : decideRefresh(found, Date.now())
  if (found?.accountId !== account.id || verdict === 'expired' || verdict === 'reuse')
    throw new AppError('no_session', 'expected the cookie of a session of this account, was none: sign in')
}
