/**
 * The guest who asks for the next token with the last one. Who has signed in since is not among them: what they used has gone
 * over to an account, and so have their windows. When that cannot be looked up, they are another guest.
 */
import type { Context } from 'hono'
import type { AppEnv } from '../appEnv.ts'
import { authKeys } from '../auth/authKeys.ts'
import { renewableGuest, type RenewableGuest } from '../auth/renewableGuest.ts'
import { isLinkedGuest } from './guests.ts'
import { bearerToken } from './presentedGuest.ts'

export async function returningGuest(c: Context<AppEnv>, nowMs: number): Promise<RenewableGuest | null> {
  const token = bearerToken(c)
  const guest = token === undefined ? null : await renewableGuest(token, await authKeys(c.env), nowMs)
  if (guest === null) return null
  try {
    return (await isLinkedGuest(c.env.DB, guest.subject)) ? null : guest
  } catch (cause) {
    console.error(JSON.stringify({ level: 'error', message: 'guest not looked up', cause: String(cause) }))
    return null
  }
}
