/**
 * Token to claims: strict syntax, key by exact kid, signature, then claims. Order and rules follow RFC 8725.
 */
import { errors, jwtVerify } from 'jose'
import * as v from 'valibot'
import {
  AccessClaimsSchema,
  TicketClaimsSchema,
  TOKEN_ALGORITHM,
  TOKEN_ISSUER,
  TOKEN_KINDS,
  type AccessClaims,
  type TicketClaims,
  type TokenKind,
} from '#schemas/claims'
import type { AuthKeys } from './authKeys.ts'
import { checkTokenSyntax } from './tokenSyntax.ts'

/** Clocks of issuer and verifier may differ by this much. */
export const CLOCK_TOLERANCE_SECONDS = 5

const SCHEMAS = { access: AccessClaimsSchema, ticket: TicketClaimsSchema } as const

export type VerifiedToken =
  | { readonly ok: true; readonly kind: 'access'; readonly claims: AccessClaims }
  | { readonly ok: true; readonly kind: 'ticket'; readonly claims: TicketClaims }
  | { readonly ok: false; readonly code: 'invalid_token' | 'expired_token'; readonly detail: string }

/** `kinds`: what this door takes; a good token of another kind is as wrong as a forged one. */
export async function verifyToken(
  token: string,
  kinds: readonly TokenKind[],
  keys: Pick<AuthKeys, 'publicKeys'>,
  nowMs: number,
): Promise<VerifiedToken> {
  const syntax = checkTokenSyntax(token)
  if (!syntax.ok) return invalid(syntax.reason)
  if (!kinds.includes(syntax.kind)) return invalid(`expected a token for ${kinds.join(' or ')}`)
  const key = keys.publicKeys.get(syntax.kid)
  if (key === undefined) return invalid('the key id is not known')
  const { typ, audience, maxSeconds } = TOKEN_KINDS[syntax.kind]
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [TOKEN_ALGORITHM],
      typ,
      issuer: TOKEN_ISSUER,
      audience,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      // Also makes jose refuse an `iat` in the future.
      maxTokenAge: maxSeconds,
      currentDate: new Date(nowMs),
    })
    return checkClaims(syntax.kind, payload)
  } catch (error) {
    if (error instanceof errors.JWTExpired)
      return { ok: false, code: 'expired_token', detail: 'the token has expired: get a new one' }
    if (error instanceof errors.JWTClaimValidationFailed)
      return invalid(`the claim "${error.claim}" is not acceptable`)
    return invalid('the signature does not match')
  }
}

function checkClaims(kind: TokenKind, payload: unknown): VerifiedToken {
  const parsed = v.safeParse(SCHEMAS[kind], payload)
  if (!parsed.success) {
    const path = v.getDotPath(parsed.issues[0])
    return invalid(`the claim "${path ?? '?'}" is not acceptable`)
  }
  const { maxSeconds } = TOKEN_KINDS[kind]
  const lifeSeconds = parsed.output.exp - parsed.output.iat
  if (lifeSeconds <= 0 || lifeSeconds > maxSeconds)
    return invalid(`expected a life of at most ${maxSeconds} s`)
  return 'until' in parsed.output
    ? { ok: true, kind: 'ticket', claims: parsed.output }
    : { ok: true, kind: 'access', claims: parsed.output }
}

function invalid(detail: string): VerifiedToken {
  return { ok: false, code: 'invalid_token', detail }
}
