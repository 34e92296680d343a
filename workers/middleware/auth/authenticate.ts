/** Establishes the caller from a bearer token, or refuses with 401. */
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { authKeys } from '../../auth/authKeys.ts'
import { verifyToken } from '../../auth/verifyToken.ts'
import type { AppEnv } from '../../appEnv.ts'
import { protocolToken } from '../../stream/upgradeRequest.ts'
import { AppError } from '../errors/AppError.ts'

export const authenticate = authenticateBy(headerToken)

/**
 * Browsers cannot set headers on a socket, so there the token may also be the query parameter `token`, or among the
 * sub-protocols as `bearer.<token>`.
 */
export const authenticateSocket = authenticateBy(
  (c) => headerToken(c) ?? c.req.query('token') ?? protocolToken(c.req.raw.headers),
)

function authenticateBy(tokenOf: (c: Context<AppEnv>) => string | undefined) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const token = tokenOf(c)
    if (!token) throw new AppError('missing_token', 'expected "Authorization: Bearer <token>", was nothing')
    const verified = await verifyToken(token, await authKeys(c.env.AUTH_PRIVATE_JWK), Date.now())
    if (!verified.ok) throw new AppError(verified.code, verified.detail)
    const { sub, tier, exp } = verified.claims
    c.set('caller', { subject: sub, tier, expiresAtMs: exp * 1000 })
    await next()
  })
}

function headerToken(c: Context<AppEnv>): string | undefined {
  return /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]
}
