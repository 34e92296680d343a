/** Signs access tokens. */
import { SignJWT } from 'jose'
import { MAX_TOKEN_SECONDS, TOKEN_ALGORITHM, TOKEN_AUDIENCE, TOKEN_ISSUER, TOKEN_TYPE } from '#schemas/claims'
import type { Tier } from '#schemas/tiers'
import type { AuthKeys } from './authKeys.ts'

export interface TokenGrant {
  /** Who, 1-64 characters. */
  readonly subject: string
  readonly tier: Tier
  /** At most MAX_TOKEN_SECONDS: the Worker refuses longer lives. */
  readonly lifeSeconds: number
}

export interface IssuedToken {
  readonly token: string
  readonly expiresAtMs: number
}

export async function issueToken(grant: TokenGrant, keys: AuthKeys, nowMs: number): Promise<IssuedToken> {
  const issuedAt = Math.floor(nowMs / 1000)
  const expiresAt = issuedAt + Math.min(grant.lifeSeconds, MAX_TOKEN_SECONDS)
  const token = await new SignJWT({ tier: grant.tier })
    .setProtectedHeader({ alg: TOKEN_ALGORITHM, typ: TOKEN_TYPE, kid: keys.kid })
    .setIssuer(TOKEN_ISSUER)
    .setAudience(TOKEN_AUDIENCE)
    .setSubject(grant.subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .setJti(crypto.randomUUID())
    .sign(keys.privateKey)
  return { token, expiresAtMs: expiresAt * 1000 }
}

/** The token a visitor gets without an account: an unlinkable subject for one quarter of an hour. */
export function issueGuestToken(tier: Tier, keys: AuthKeys, nowMs: number): Promise<IssuedToken> {
  const subject = `guest:${crypto.randomUUID()}`
  return issueToken({ subject, tier, lifeSeconds: MAX_TOKEN_SECONDS }, keys, nowMs)
}
