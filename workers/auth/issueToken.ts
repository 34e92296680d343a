/** Signs our tokens. */
import { SignJWT, type JWTPayload } from 'jose'
import type { Credential } from '#durable-objects/account/revocation'
import {
  SOCKET_SCOPES,
  TOKEN_ALGORITHM,
  TOKEN_ISSUER,
  TOKEN_KINDS,
  type TicketClaims,
  type TokenKind,
} from '#schemas/claims'
import { GUEST_PREFIX } from '#schemas/subject'
import type { Tier } from '#schemas/tiers'
import type { AuthKeys } from './authKeys.ts'
import type { RenewableGuest } from './renewableGuest.ts'

export interface TokenGrant {
  /** Who, 1-64 characters. */
  readonly subject: string
  readonly tier: Tier
  /** No longer than the kind of token may live: the Worker refuses more. */
  readonly lifeSeconds: number
  /** With which it ends. */
  readonly sessionId?: string
}

export interface IssuedToken {
  readonly token: string
  readonly expiresAtMs: number
}

export function issueToken(grant: TokenGrant, keys: AuthKeys, nowMs: number): Promise<IssuedToken> {
  return sign('access', grant, inSession(grant.sessionId), keys, nowMs)
}

/** The token a visitor gets without an account, for a quarter of an hour: of a new guest, or the next one of `guest`. */
export function issueGuestToken(
  tier: Tier,
  keys: AuthKeys,
  nowMs: number,
  guest: RenewableGuest = { subject: `${GUEST_PREFIX}${crypto.randomUUID()}`, bornMs: nowMs },
): Promise<IssuedToken> {
  const grant = { subject: guest.subject, tier, lifeSeconds: TOKEN_KINDS.access.maxSeconds }
  return sign('access', grant, { born: guest.bornMs / 1000 }, keys, nowMs)
}

export interface TicketGrant {
  readonly subject: string
  readonly tier: Tier
  /** When what the caller has shown ends, and with it the socket. */
  readonly expiresAtMs: number
  readonly credential?: Credential
  /** That was shown in place of an access token. */
  readonly key?: Omit<NonNullable<TicketClaims['key']>, 'scopes'> & { readonly scopes: readonly string[] }
}

/** Opens one socket for a caller who has shown an access token or an API key. */
export function issueTicket(
  { subject, tier, expiresAtMs, credential, key }: TicketGrant,
  keys: AuthKeys,
  nowMs: number,
): Promise<IssuedToken> {
  const grant = { subject, tier, lifeSeconds: TOKEN_KINDS.ticket.maxSeconds }
  const { id, sessionId, issuedAtMs } = credential ?? {}
  const parent = {
    ...(id === undefined ? {} : { by: id }),
    ...(typeof issuedAtMs === 'number' ? { since: issuedAtMs / 1000 } : {}),
    ...inSession(sessionId),
    ...(key === undefined
      ? {}
      : { key: { ...key, scopes: SOCKET_SCOPES.filter((scope) => key.scopes.includes(scope)) } }),
  }
  return sign('ticket', grant, { until: Math.floor(expiresAtMs / 1000), ...parent }, keys, nowMs)
}

function inSession(sessionId: string | undefined): JWTPayload {
  return sessionId === undefined ? {} : { sid: sessionId }
}

async function sign(
  kind: TokenKind,
  { subject, tier, lifeSeconds }: TokenGrant,
  extra: JWTPayload,
  keys: AuthKeys,
  nowMs: number,
): Promise<IssuedToken> {
  const { typ, audience, maxSeconds } = TOKEN_KINDS[kind]
  // To the millisecond, so that one issued right after a revocation can be told from one before.
  const issuedAt = nowMs / 1000
  const expiresAt = Math.floor(issuedAt) + Math.min(lifeSeconds, maxSeconds)
  const token = await new SignJWT({ tier, ...extra })
    .setProtectedHeader({ alg: TOKEN_ALGORITHM, typ, kid: keys.kid })
    .setIssuer(TOKEN_ISSUER)
    .setAudience(audience)
    .setSubject(subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .setJti(crypto.randomUUID())
    .sign(keys.privateKey)
  return { token, expiresAtMs: expiresAt * 1000 }
}
