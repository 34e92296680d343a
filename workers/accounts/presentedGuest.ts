/** The guest whose token came along. A bad or old token is as good as none: nobody is kept from signing in by it. */
import type { Context } from 'hono'
import { GUEST_PREFIX } from '#schemas/subject'
import type { AppEnv } from '../appEnv.ts'
import { authKeys } from '../auth/authKeys.ts'
import { verifyToken } from '../auth/verifyToken.ts'

/** Its subject, or null. */
export async function presentedGuest(c: Context<AppEnv>, nowMs: number): Promise<string | null> {
  const token = bearerToken(c)
  if (token === undefined) return null
  const verified = await verifyToken(token, ['access'], await authKeys(c.env), nowMs)
  if (!verified.ok || !verified.claims.sub.startsWith(GUEST_PREFIX)) return null
  return verified.claims.sub
}

export function bearerToken(c: Context<AppEnv>): string | undefined {
  return /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]
}
