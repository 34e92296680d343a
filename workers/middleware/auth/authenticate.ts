/** Establishes the caller from a token or an API key, or refuses with 401. Which door takes which kind is decided here alone. */
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { TicketClaims, TokenKind } from '#schemas/claims'
import type { AppEnv, Caller } from '../../appEnv.ts'
import { authKeys } from '../../auth/authKeys.ts'
import { verifyToken } from '../../auth/verifyToken.ts'
import { keyCaller, presentedKey } from '../../partner/keyCaller.ts'
import { protocolToken } from '../../stream/upgradeRequest.ts'
import { AppError, orUnavailable } from '../errors/AppError.ts'

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
export const authenticateSocket = authenticateBy((c) => {
  const elsewhere = c.req.query('token') ?? protocolToken(c.req.raw.headers)
  const socketKinds = ['access', 'ticket'] as const
  return fromHeader(c) ?? (elsewhere ? { token: elsewhere, kinds: socketKinds } : null)
})

function authenticateBy(presented: (c: Context<AppEnv>) => Presented | null) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const key = presentedKey(c)
    if (key !== undefined) {
      c.set('caller', await keyCaller(c, key))
      return next()
    }
    const given = presented(c)
    if (given === null)
      throw new AppError('missing_token', 'expected "Authorization: Bearer <token>", was nothing')
    c.set('caller', await callerOf(c.env, given))
    return next()
  })
}

async function callerOf(env: AppEnv['Bindings'], { token, kinds }: Presented): Promise<Caller> {
  const verified = await verifyToken(token, kinds, await authKeys(env), Date.now())
  if (!verified.ok) throw new AppError(verified.code, verified.detail)
  const { sub, tier, exp } = verified.claims
  if (verified.kind === 'access') return { subject: sub, tier, expiresAtMs: exp * 1000 }
  await burn(env, verified.claims)
  return { subject: sub, tier, expiresAtMs: verified.claims.until * 1000 }
}

/** A ticket counts as used from here on, whatever becomes of its socket: it may have been seen by others. */
async function burn(env: AppEnv['Bindings'], { sub, jti, exp }: TicketClaims): Promise<void> {
  const endsMs = exp * 1000 + REMEMBER_TICKET_MS
  const isFirst = await orUnavailable('the record of tickets', async () =>
    env.ACCOUNT.getByName(sub).burnTicket(jti, endsMs),
  )
  if (!isFirst) throw new AppError('invalid_token', 'the ticket has been used: ask for a new one')
}

function fromHeader(c: Context<AppEnv>): Presented | null {
  const token = /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]
  return token === undefined ? null : { token, kinds: ['access'] }
}
