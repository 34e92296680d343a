/** The account a token speaks for. Guests and subjects of an operator's own tokens have none. */
import type { Context } from 'hono'
import type { AppEnv } from '../appEnv.ts'
import { AppError, orUnavailable } from '../middleware/errors/AppError.ts'
import { accountIdOf, findAccount, type Account } from './accountStore.ts'

/** @throws AppError 404 */
export async function requireAccount(c: Context<AppEnv>): Promise<Account> {
  const id = accountIdOf(c.get('caller').subject)
  const account =
    id === null ? null : await orUnavailable('the list of accounts', () => findAccount(c.env.DB, id))
  if (account === null) throw new AppError('unknown_account', 'expected a token of an account, was another')
  return account
}
