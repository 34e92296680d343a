/** Signs a post as a bridge does; for tests and tools. */
import { importJWK } from 'jose'
import { INGEST_HEADERS, signingText } from '#schemas/ingest/signature'
import { encodeBase64url } from '../auth/base64url.ts'

/** Headers for one attempt. `privateJwk` is JSON text with a `kid`. */
export async function signPost(
  privateJwk: string,
  path: string,
  body: Uint8Array,
  timestampMs: number,
): Promise<Record<string, string>> {
  const jwk = JSON.parse(privateJwk) as { kty: string; kid: string }
  const key = await importJWK(jwk, 'EdDSA')
  if (key instanceof Uint8Array) throw new Error('expected an Ed25519 private JWK')
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body))
  const bodySha256Hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const text = signingText({ method: 'POST', path, keyId: jwk.kid, timestampMs, bodySha256Hex })
  const signature = await crypto.subtle.sign('Ed25519', key, new TextEncoder().encode(text))
  return {
    'content-type': 'application/octet-stream',
    [INGEST_HEADERS.keyId]: jwk.kid,
    [INGEST_HEADERS.timestamp]: String(timestampMs),
    [INGEST_HEADERS.signature]: encodeBase64url(new Uint8Array(signature)),
  }
}
