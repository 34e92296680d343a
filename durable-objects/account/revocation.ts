/**
 * What of an account was ended before its time, and whether a credential is among it. Pure. The account's object is where
 * this is true; everybody else has copies.
 */
import * as v from 'valibot'

/** Longer than a token or a socket lives: by then what was ended has ended by itself, or is refused by its own list. */
export const REVOCATION_KEPT_MS = 20 * 60_000
/** Single ones kept; an account that ends more than that has all its tokens ended. */
export const MAX_ENDED = 100

export const CredentialSchema = v.object({
  /** Whose object knows. */
  account: v.pipe(v.string(), v.minLength(1)),
  /** Of the access token, or of the API key. */
  id: v.pipe(v.string(), v.minLength(1)),
  /** Of the session a token was issued in, where it says so. */
  sessionId: v.optional(v.pipe(v.string(), v.minLength(1))),
  /** Of an API key: when it was last known to be good. Null: ended by its id alone. */
  issuedAtMs: v.nullable(v.number()),
})
export type Credential = v.InferOutput<typeof CredentialSchema>

export interface Revocations {
  /** Tokens issued before are not good any more. */
  readonly notBeforeMs: number
  /** Ids of tokens, API keys and sessions. */
  readonly ended: readonly string[]
}

export const NOTHING_REVOKED: Revocations = { notBeforeMs: 0, ended: [] }

export function isRevoked(
  { id, sessionId, issuedAtMs }: Pick<Credential, 'id' | 'sessionId' | 'issuedAtMs'>,
  { notBeforeMs, ended }: Revocations,
): boolean {
  const isEnded = ended.includes(id) || (sessionId !== undefined && ended.includes(sessionId))
  return isEnded || (issuedAtMs !== null && issuedAtMs < notBeforeMs)
}

/** All tokens issued until now. What was revoked once stays so, also when a clock was set back. */
export function endTokens(revocations: Revocations, nowMs: number): Revocations {
  return { ...revocations, notBeforeMs: Math.max(revocations.notBeforeMs, nowMs + 1) }
}

export function endOne(revocations: Revocations, id: string, nowMs: number): Revocations {
  if (revocations.ended.includes(id)) return revocations
  if (revocations.ended.length >= MAX_ENDED) return endTokens(revocations, nowMs)
  return { ...revocations, ended: [...revocations.ended, id] }
}
