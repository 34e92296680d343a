/**
 * Access tokens whose signature was found good, for as long as they live: a program sends one many times, and many sockets of
 * an account show the same. Only what cannot change is remembered; whether it was revoked is asked every time. Tickets are not
 * kept, being shown once, nor refusals, of which there is no end.
 */
import type { AccessClaims, TokenKind } from '#schemas/claims'
import type { AuthKeys } from './authKeys.ts'
import { verifyToken, type VerifiedToken } from './verifyToken.ts'

const MAX_REMEMBERED = 2_000

interface Remembered {
  readonly claims: AccessClaims
  readonly verifiedMs: number
}

export class TokenCache {
  readonly #remembered = new Map<string, Remembered>()
  readonly #limit: number
  #keys: Pick<AuthKeys, 'publicKeys'> | null = null

  constructor(limit = MAX_REMEMBERED) {
    this.#limit = limit
  }

  async verify(
    token: string,
    kinds: readonly TokenKind[],
    keys: Pick<AuthKeys, 'publicKeys'>,
    nowMs: number,
  ): Promise<VerifiedToken> {
    // A key that was taken away takes its tokens with it.
    if (this.#keys !== keys) this.#remembered.clear()
    this.#keys = keys
    const held = kinds.includes('access') ? this.#remembered.get(token) : undefined
    if (held !== undefined && held.verifiedMs <= nowMs && nowMs < held.claims.exp * 1000)
      return { ok: true, kind: 'access', claims: held.claims }
    const verified = await verifyToken(token, kinds, keys, nowMs)
    if (verified.ok && verified.kind === 'access' && this.#keys === keys)
      this.#remember(token, verified.claims, nowMs)
    return verified
  }

  #remember(token: string, claims: AccessClaims, verifiedMs: number): void {
    if (this.#remembered.size >= this.#limit) this.#forgetOldest()
    this.#remembered.set(token, { claims, verifiedMs })
  }

  #forgetOldest(): void {
    const [oldest] = this.#remembered.keys()
    if (oldest !== undefined) this.#remembered.delete(oldest)
  }
}
