/** A session from its beginning to its end: what the routes do with the refresh token and the access token beside it. */
import type { Context } from 'hono'
import type { SessionToken } from '#schemas/rest/accounts'
import { TOKEN_KINDS } from '#schemas/claims'
import type { Tier } from '#schemas/tiers'
import type { AppEnv } from '../appEnv.ts'
import { authKeys } from '../auth/authKeys.ts'
import { issueToken } from '../auth/issueToken.ts'
import { revokeCredential } from '../auth/revocation.ts'
import { sha256Hex } from '../partner/sha256.ts'
import { subjectOf, type Account } from './accountStore.ts'
import { placeOf } from './place.ts'
import { decideRefresh } from './refresh.ts'
import { clearRefreshCookie, readRefreshCookie, setRefreshCookie } from './refreshCookie.ts'
import { newRefreshToken, successorOf } from './refreshToken.ts'
import {
  endSession,
  findHolder,
  findToken,
  hasSession,
  openSession,
  rotateToken,
  type FoundToken,
  type OwnSession,
} from './sessionStore.ts'

/** Signs in: sets the cookie, answers the access token. */
export async function beginSession(c: Context<AppEnv>, account: Account): Promise<SessionToken> {
  const nowMs = Date.now()
  const token = newRefreshToken()
  const session = await openSession(c.env.DB, account.id, await sha256Hex(token), placeOf(c), nowMs)
  setRefreshCookie(c, token, session.sessionExpiresMs - nowMs)
  return accessToken(c, { accountId: account.id, sessionId: session.id }, session.tier, nowMs)
}

/**
 * Exchanges the refresh token of the cookie for its successor, and an access token of the tier the account has now. Null when
 * there is no session that goes on; what the cookie held is gone then.
 */
export async function continueSession(c: Context<AppEnv>): Promise<SessionToken | null> {
  const answer = await exchange(c)
  if (answer === null) clearRefreshCookie(c)
  return answer
}

async function exchange(c: Context<AppEnv>): Promise<SessionToken | null> {
  const nowMs = Date.now()
  const token = readRefreshCookie(c)
  const found = token === undefined ? null : await findToken(c.env.DB, await sha256Hex(token))
  if (token === undefined || found === null) return null
  const verdict = decideRefresh(found, nowMs)
  if (verdict === 'reuse') await endWithTokens(c, found, 'session.reused')
  if (verdict === 'reuse' || verdict === 'expired') return null
  const successor = await successorOf(token, c.env.AUTH_PRIVATE_JWK)
  const successorSha256 = await sha256Hex(successor)
  const holder =
    verdict === 'repeat'
      ? await findHolder(c.env.DB, successorSha256)
      : await rotateToken(c.env.DB, found, await sha256Hex(token), successorSha256, nowMs)
  if (holder === null) return null
  setRefreshCookie(c, successor, holder.sessionExpiresMs - nowMs)
  return accessToken(c, found, holder.tier, nowMs)
}

/** Whether there was a session or not, there is none after it. */
export async function leaveSession(c: Context<AppEnv>): Promise<void> {
  const found = await sessionOfCookie(c)
  if (found !== null) await endWithTokens(c, found, 'session.ended')
  clearRefreshCookie(c)
}

/** Ends a session, and before it the access tokens and sockets that came of it. False when the account has no such session. */
export async function endWithTokens(
  c: Context<AppEnv>,
  session: OwnSession,
  what: 'session.ended' | 'session.reused',
): Promise<boolean> {
  const nowMs = Date.now()
  if (!(await hasSession(c.env.DB, session))) return false
  await revokeCredential(c.env, subjectOf({ id: session.accountId }), session.sessionId, nowMs)
  return endSession(c.env.DB, session, what, placeOf(c), nowMs)
}

/** The session whose token the cookie holds or held; null when there is none. */
export async function sessionOfCookie(c: Context<AppEnv>): Promise<FoundToken | null> {
  const token = readRefreshCookie(c)
  return token === undefined ? null : findToken(c.env.DB, await sha256Hex(token))
}

async function accessToken(
  c: Context<AppEnv>,
  { accountId, sessionId }: OwnSession,
  tier: Tier,
  /** From before the tier was read, so that a change of it ends this token. */
  nowMs: number,
): Promise<SessionToken> {
  const lifeSeconds = TOKEN_KINDS.access.maxSeconds
  const grant = { subject: subjectOf({ id: accountId }), tier, lifeSeconds, sessionId }
  const { token, expiresAtMs } = await issueToken(grant, await authKeys(c.env), nowMs)
  return { token, tier, expiresAt: new Date(expiresAtMs).toISOString() }
}
