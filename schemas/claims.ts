/** Claims of an access token: who, which tier, until when. Signed EdDSA; the JWKS is published. */
import * as v from 'valibot'
import { TIERS } from './tiers.ts'

export const TOKEN_ISSUER = 'flipwire'
export const TOKEN_AUDIENCE = 'flipwire-api'
export const TOKEN_TYPE = 'at+jwt'
export const TOKEN_ALGORITHM = 'EdDSA'
/** Longest life the Worker accepts. */
export const MAX_TOKEN_SECONDS = 15 * 60

export const ClaimsSchema = v.object({
  iss: v.literal(TOKEN_ISSUER),
  aud: v.literal(TOKEN_AUDIENCE),
  sub: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  /** Unknown tiers count as free. */
  tier: v.fallback(v.picklist(TIERS), 'free'),
  iat: v.number(),
  exp: v.number(),
  jti: v.pipe(v.string(), v.maxLength(64)),
})
export type Claims = v.InferOutput<typeof ClaimsSchema>

export const GuestTokenSchema = v.object({
  token: v.string(),
  tier: v.picklist(TIERS),
  /** ISO 8601 UTC. */
  expiresAt: v.string(),
})
export type GuestToken = v.InferOutput<typeof GuestTokenSchema>
