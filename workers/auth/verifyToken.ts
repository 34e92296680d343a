/**
 * Access token to claims: strict syntax, key by exact kid, signature, then claims. Order and rules follow RFC 8725.
 */
import { errors, jwtVerify } from 'jose'
import * as v from 'valibot'
import {
  ClaimsSchema,
  MAX_TOKEN_SECONDS,
  TOKEN_ALGORITHM,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  TOKEN_TYPE,
  type Claims,
} from '#schemas/claims'
import type { AuthKeys } from './authKeys.ts'
import { checkTokenSyntax } from './tokenSyntax.ts'

/** Clocks of issuer and verifier may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 5

export type VerifiedToken =
  | { readonly ok: true; readonly claims: Claims }
  | { readonly ok: false; readonly code: 'invalid_token' | 'expired_token'; readonly detail: string }

export async function verifyToken(
  token: string,
  keys: Pick<AuthKeys, 'publicKeys'>,
  nowMs: number,
): Promise<VerifiedToken> {
  const syntax = checkTokenSyntax(token)
  if (!syntax.ok) return invalid(syntax.reason)
  const key = keys.publicKeys.get(syntax.kid)
  if (key === undefined) return invalid('the key id is not known')
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [TOKEN_ALGORITHM],
      typ: TOKEN_TYPE,
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      // Also makes jose refuse an `iat` in the future.
      maxTokenAge: MAX_TOKEN_SECONDS,
      currentDate: new Date(nowMs),
    })
    return checkClaims(payload)
  } catch (error) {
    if (error instanceof errors.JWTExpired)
      return { ok: false, code: 'expired_token', detail: 'the token has expired: get a new one' }
    if (error instanceof errors.JWTClaimValidationFailed)
      return invalid(`the claim "${error.claim}" is not acceptable`)
    return invalid('the signature does not match')
  }
}

function checkClaims(payload: unknown): VerifiedToken {
  const parsed = v.safeParse(ClaimsSchema, payload)
  if (!parsed.success) {
    const path = v.getDotPath(parsed.issues[0])
    return invalid(`the claim "${path ?? '?'}" is not acceptable`)
  }
  const lifeSeconds = parsed.output.exp - parsed.output.iat
  if (lifeSeconds <= 0 || lifeSeconds > MAX_TOKEN_SECONDS)
    return invalid(`expected a life of at most ${MAX_TOKEN_SECONDS} s`)
  return { ok: true, claims: parsed.output }
}

function invalid(detail: string): VerifiedToken {
  return { ok: false, code: 'invalid_token', detail }
}
