/**
 * An answer that is kept to be given again, readable only with the Idempotency-Key it was asked for with: the answer that
 * makes an API key holds the key, which must not lie about in any store.
 */
import * as v from 'valibot'
import { decodeBase64url, encodeBase64url } from '../../auth/base64url.ts'

const AnswerSchema = v.object({ status: v.number(), contentType: v.string(), body: v.string() })
export type KeptAnswer = v.InferOutput<typeof AnswerSchema>

const IV_BYTES = 12

export async function sealAnswer(answer: KeptAnswer, subject: string, key: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const text = new TextEncoder().encode(JSON.stringify(answer))
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await cipherKey(subject, key), text)
  return `${encodeBase64url(iv)}.${encodeBase64url(new Uint8Array(sealed))}`
}

/** @throws when it was sealed with another key. */
export async function unsealAnswer(sealed: string, subject: string, key: string): Promise<KeptAnswer> {
  const [iv, bytes] = sealed.split('.').map(decodeBase64url)
  if (!iv || !bytes) throw new Error('expected a sealed answer, was something else')
  const text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await cipherKey(subject, key), bytes)
  return v.parse(AnswerSchema, JSON.parse(new TextDecoder().decode(text)))
}

async function cipherKey(subject: string, key: string): Promise<CryptoKey> {
  const encoder = new TextEncoder()
  const material = await crypto.subtle.importKey('raw', encoder.encode(key), 'HKDF', false, ['deriveKey'])
  const derivation = {
    name: 'HKDF',
    hash: 'SHA-256',
    salt: encoder.encode(subject),
    info: encoder.encode('flipwire idempotency answer 1'),
  }
  return crypto.subtle.deriveKey(derivation, material, { name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
}
