/** Establishes the caller from a token or an API key, or refuses with 401. Which door takes which kind is decided here alone. */
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Credential } from '#durable-objects/account/revocation'
import type { AccessClaims, TicketClaims, TokenKind } from '#schemas/claims'
import { GUEST_PREFIX } from '#schemas/subject'
import type { AppEnv, Caller } from '../../appEnv.ts'
import { authKeys } from '../../auth/authKeys.ts'
import { isCredentialRevoked } from '../../auth/revocation.ts'
import { TokenCache } from '../../auth/tokenCache.ts'
import { doubtKey, keyCaller, presentedKey } from '../../partner/keyCaller.ts'
import { protocolToken } from '../../stream/upgradeRequest.ts'
import { AppError, orUnavailable } from '../errors/AppError.ts'

const tokens = new TokenCache()

/** A ticket is remembered for longer than its life, as the clocks of Worker and object may differ. */
const REMEMBER_TICKET_MS = 60_000

interface Presented {
  readonly token: string
  readonly kinds: readonly TokenKind[]
}

export const authenticate = authenticateBy(fromHeader)

/**
 * Browsers cannot set headers on a socket, so there the token may also be the query parameter `token`, or among the
 * sub-protocols as `bearer.<token>`, and in both places a ticket.
 */
export const authenticateSocket = authenticateBy((c) => fromHeader(c) ?? fromQuery(c) ?? fromProtocol(c))

function authenticateBy(presented: (c: Context<AppEnv>) => Presented | null) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const key = presentedKey(c)
    if (key !== undefined) {
      c.set('caller', await callerByKey(c, key))
      return next()
    }
    const given = presented(c)
    if (given === null)
      throw new AppError(
        'missing_token',
        'expected "Authorization: Bearer <token>" or "X-API-Key: <key>", was nothing',
      )
    c.set('caller', await callerOf(c, given))
    return next()
  })
}

/**
 * A key goes on when its account's tokens are ended, if it is good still: the list is asked again, and whatever was opened by
 * what was known before has to come again.
 */
async function callerByKey(c: Context<AppEnv>, key: string): Promise<Caller> {
  const caller = await keyCaller(c, key)
  if (!(await isRevoked(c, caller.credential))) return caller
  await doubtKey(key)
  const again = await keyCaller(c, key)
  if (again.credential && (await isRevoked(c, { ...again.credential, issuedAtMs: null })))
    throw new AppError('expired_token', 'the API key has expired or was revoked')
  return again
}

async function callerOf(c: Context<AppEnv>, { token, kinds }: Presented): Promise<Caller> {
  const { env } = c
  const verified = await tokens.verify(token, kinds, await authKeys(env), Date.now())
  if (!verified.ok) throw new AppError(verified.code, verified.detail)
  const { sub, tier, exp } = verified.claims
  const { until, key } = verified.kind === 'access' ? { until: exp } : verified.claims
  const caller: Caller = {
    subject: sub,
    tier,
    expiresAtMs: until * 1000,
    ...credentialOf(verified.claims),
    ...(key === undefined ? {} : { key }),
  }
  if (await isRevoked(c, caller.credential))
    throw new AppError('expired_token', 'the token was revoked: get a new one')
  if (verified.kind === 'ticket') await burn(env, verified.claims)
  return caller
}

/** Of a ticket, what it was asked for with. A guest's token has no account that could revoke it. */
function credentialOf(claims: AccessClaims | TicketClaims): Pick<Caller, 'credential'> {
  if (claims.sub.startsWith(GUEST_PREFIX)) return {}
  const { by, since } = 'until' in claims ? claims : { by: claims.jti, since: claims.iat }
  if (by === undefined) return {}
  const issuedAtMs = since === undefined ? null : Math.round(since * 1000)
  const ofSession = claims.sid === undefined ? {} : { sessionId: claims.sid }
  return { credential: { account: claims.sub, id: by, ...ofSession, issuedAtMs } }
}

/** Also asked of what stays open. */
export async function isRevoked(c: Context<AppEnv>, credential: Credential | undefined): Promise<boolean> {
  if (credential === undefined) return false
  const later = (work: Promise<void>) => c.executionCtx.waitUntil(work)
  return isCredentialRevoked(c.env, credential, Date.now(), later)
}

/** A ticket counts as used from here on, whatever becomes of its socket: it may have been seen by others. */
async function burn(env: AppEnv['Bindings'], { sub, jti, exp }: TicketClaims): Promise<void> {
  const endsMs = exp * 1000 + REMEMBER_TICKET_MS
  const isFirst = await orUnavailable('the record of tickets', async () =>
    env.ACCOUNT.getByName(sub).burnTicket(jti, endsMs),
  )
  if (!isFirst) throw new AppError('invalid_token', 'the ticket has been used: ask for a new one')
}

function fromQuery(c: Context<AppEnv>): Presented | null {
  const token = c.req.query('token')
  if (!token) return null
  // Whatever does not say "on" is off: who set it meant to turn it off.
  const mayBeAccess = (c.env.ACCESS_TOKEN_IN_QUERY ?? 'on') === 'on'
  return { token, kinds: mayBeAccess ? ['access', 'ticket'] : ['ticket'] }
}

function fromProtocol(c: Context<AppEnv>): Presented | null {
  const token = protocolToken(c.req.raw.headers)
  return token ? { token, kinds: ['access', 'ticket'] } : null
}

function fromHeader(c: Context<AppEnv>): Presented | null {
  const token = /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]
  return token === undefined ? null : { token, kinds: ['access'] }
}
