/** The texts of refresh tokens: 256 bits, of which only the SHA-256 is stored. */
import { encodeBase64url, isCanonicalBase64url } from '../auth/base64url.ts'
import { secretHash } from './serverSecret.ts'

const BYTES = 32
const CHARACTERS = 43

export function newRefreshToken(): string {
  return encodeBase64url(crypto.getRandomValues(new Uint8Array(BYTES)))
}

/**
 * The one successor of a token. Computed, not drawn, so that who asks twice gets the same one although it is stored
 * nowhere; without the Worker's secret nobody can tell it from the token.
 */
export function successorOf(token: string, secret: string): Promise<string> {
  return secretHash(secret, 'refresh token', token)
}

export function looksLikeRefreshToken(text: string): boolean {
  return text.length === CHARACTERS && isCanonicalBase64url(text)
}
