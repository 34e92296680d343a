/**
 * What only this Worker can compute: HMAC-SHA256 with keys derived from the secret that signs our tokens, one key for each
 * purpose. When that secret is rotated, codes on their way have to be asked for anew. What else rests on it are webhook
 * secrets (durable-objects/webhooks/sealing.ts).
 */
import { encodeBase64url } from '../auth/base64url.ts'

type Purpose = 'sign-in code' | 'sign-in address' | 'sign-in network' | 'refresh token'

const encoder = new TextEncoder()
let held: { readonly secret: string; readonly keys: Map<Purpose, CryptoKey> } | undefined

/** 256 bits, base64url. */
export async function secretHash(secret: string, purpose: Purpose, text: string): Promise<string> {
  const mac = await crypto.subtle.sign('HMAC', await keyFor(secret, purpose), encoder.encode(text))
  return encodeBase64url(new Uint8Array(mac))
}

/** Made once per isolate. Keeps values, not promises: promises belong to one request. */
async function keyFor(secret: string, purpose: Purpose): Promise<CryptoKey> {
  if (held?.secret !== secret) held = { secret, keys: new Map() }
  const { keys } = held
  const known = keys.get(purpose)
  if (known !== undefined) return known
  const made = await deriveKey(secret, purpose)
  keys.set(purpose, made)
  return made
}

async function deriveKey(secret: string, purpose: Purpose): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', encoder.encode(secret), 'HKDF', false, ['deriveKey'])
  const derivation = {
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: encoder.encode(`flipwire ${purpose} 1`),
  }
  return crypto.subtle.deriveKey(
    derivation,
    material,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign'],
  )
}
