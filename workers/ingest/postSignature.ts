/**
 * Is this post from a bridge we know, and recent? Everything that can be refused without the body is refused before
 * it is read; the signature covers method, path, key, time and the body's SHA-256 (see schemas/ingest/signature).
 */
import type { CryptoKey } from 'jose'
import { INGEST_HEADERS, SIGNATURE_WINDOW_MS, signingText } from '#schemas/ingest/signature'
import type { ProblemCode } from '#schemas/problem'
import { decodeBase64url } from '../auth/base64url.ts'
import type { IngestKeys } from './ingestKeys.ts'

export interface PostClaim {
  readonly method: string
  readonly path: string
  readonly keyId: string
  readonly key: CryptoKey
  readonly timestampMs: number
  /** Canonical base64url: the one spelling by which a repeat of this post is recognised. */
  readonly signature: string
}

export interface PostRefusal {
  readonly ok: false
  readonly code: Extract<
    ProblemCode,
    'missing_signature' | 'unknown_key' | 'invalid_signature' | 'signature_expired'
  >
  readonly field: string
  readonly detail: string
}

type HeaderReader = (name: string) => string | null | undefined

/** What the headers claim; nothing is proven yet. */
export function readPostClaim(
  method: string,
  path: string,
  header: HeaderReader,
  keys: IngestKeys,
  nowMs: number,
): { readonly ok: true; readonly claim: PostClaim } | PostRefusal {
  const keyId = header(INGEST_HEADERS.keyId)
  const timestamp = header(INGEST_HEADERS.timestamp)
  const signatureText = header(INGEST_HEADERS.signature)
  if (!keyId) return refused('missing_signature', INGEST_HEADERS.keyId, 'expected a key id, was nothing')
  if (!timestamp)
    return refused('missing_signature', INGEST_HEADERS.timestamp, 'expected UTC ms, was nothing')
  if (!signatureText)
    return refused('missing_signature', INGEST_HEADERS.signature, 'expected base64url, was nothing')
  const key = keys.get(keyId)
  if (key === undefined)
    return refused('unknown_key', INGEST_HEADERS.keyId, 'expected a configured key id, was another')
  if (!/^[1-9]\d{0,14}$/.test(timestamp))
    return refused('invalid_signature', INGEST_HEADERS.timestamp, 'expected UTC ms as an integer')
  const ageMs = nowMs - Number(timestamp)
  if (Math.abs(ageMs) > SIGNATURE_WINDOW_MS) {
    const detail = `expected a time within ${SIGNATURE_WINDOW_MS} ms of ours, was ${ageMs} ms away`
    return refused('signature_expired', INGEST_HEADERS.timestamp, detail)
  }
  const signature = toBase64url(signatureText)
  if (decodeBase64url(signature)?.length !== 64)
    return refused('invalid_signature', INGEST_HEADERS.signature, 'expected 64 bytes in base64url')
  return { ok: true, claim: { method, path, keyId, key, timestampMs: Number(timestamp), signature } }
}

/** Proves the claim for this body. */
export async function verifyPost(
  claim: PostClaim,
  body: Uint8Array,
): Promise<{ readonly ok: true } | PostRefusal> {
  const { method, path, keyId, timestampMs } = claim
  const bodySha256Hex = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', body)))
  const text = signingText({ method, path, keyId, timestampMs, bodySha256Hex })
  const signature = decodeBase64url(claim.signature)
  if (signature !== null && (await verifyEd25519(claim.key, signature, new TextEncoder().encode(text))))
    return { ok: true }
  return refused(
    'invalid_signature',
    INGEST_HEADERS.signature,
    'expected a signature of this method, path, key id, timestamp and body',
  )
}

export async function verifyEd25519(
  key: CryptoKey,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> {
  // workerd throws for another length, Node says no.
  return signature.length === 64 && crypto.subtle.verify('Ed25519', key, signature, message)
}

/** Padded base64 is a common default of signing libraries: accepted, and brought to the canonical spelling. */
function toBase64url(text: string): string {
  return text
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/={1,2}$/, '')
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function refused(code: PostRefusal['code'], field: string, detail: string): PostRefusal {
  return { ok: false, code, field, detail }
}
