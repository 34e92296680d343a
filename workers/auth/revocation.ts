/**
 * Ending tokens and keys before their time. The account's object is the authority and closes sockets; Redis, where there
 * is one, makes every isolate look there at once. See docs/design/access.md.
 */
import type { Credential } from '#durable-objects/account/revocation'
import { RevocationCheck, type RevocationEnv } from './RevocationCheck.ts'

const check = new RevocationCheck()

/**
 * Ends every access token, ticket and socket of the subject that was issued until `nowMs`; tokens issued after are good.
 * For a tier that was changed. An API key goes on if the list of keys still has it good; its tickets and sockets end as well.
 *
 * @throws AppError 503: nothing was revoked, try again
 */
export function revokeSubject(env: RevocationEnv, subject: string, nowMs: number): Promise<void> {
  return check.revoke(env, subject, null, nowMs)
}

/**
 * Ends one access token, by its `jti`, one session with all its tokens, tickets and sockets, or one API key of the account, by
 * its id.
 *
 * @throws AppError 503: nothing was revoked, try again
 */
export function revokeCredential(
  env: RevocationEnv,
  account: string,
  id: string,
  nowMs: number,
): Promise<void> {
  return check.revoke(env, account, id, nowMs)
}

/** `later` takes over what nobody needs to wait for. */
export function isCredentialRevoked(
  env: RevocationEnv,
  credential: Credential,
  nowMs: number,
  later: (work: Promise<void>) => void,
): Promise<boolean> {
  return check.isRevoked(env, credential, nowMs, later)
}
