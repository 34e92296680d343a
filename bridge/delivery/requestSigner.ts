import { createHash, createPrivateKey, sign } from 'node:crypto'
import { INGEST_HEADERS, signingText } from '#schemas/ingest/signature'
import * as v from 'valibot'

const KeySchema = v.object({
  kty: v.literal('OKP'),
  crv: v.literal('Ed25519'),
  kid: v.pipe(v.string(), v.minLength(1)),
  x: v.string(),
  d: v.string(),
})

export interface RequestSigner {
  readonly keyId: string
  /** Headers for one attempt. Never the same twice, so that no attempt looks like a replay of another. */
  sign(path: string, body: Uint8Array, nowMs: number): Record<string, string>
}

/** Throws with a message for a person when the text is not an Ed25519 private JWK with a kid. */
export function createRequestSigner(privateJwkText: string): RequestSigner {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), KeySchema), privateJwkText)
  if (!parsed.success) {
    const at = v.getDotPath(parsed.issues[0]) ?? 'the text'
    throw new Error(`the bridge key is not an Ed25519 private JWK with a "kid": ${at} is wrong or missing`)
  }
  const { kid, ...jwk } = parsed.output
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  let lastTimestampMs = 0
  return {
    keyId: kid,
    sign(path, body, nowMs) {
      // Ed25519 is deterministic: two attempts within a millisecond would carry the same signature.
      lastTimestampMs = Math.max(nowMs, lastTimestampMs + 1)
      const bodySha256Hex = createHash('sha256').update(body).digest('hex')
      const text = signingText({
        method: 'POST',
        path,
        keyId: kid,
        timestampMs: lastTimestampMs,
        bodySha256Hex,
      })
      return {
        [INGEST_HEADERS.keyId]: kid,
        [INGEST_HEADERS.timestamp]: String(lastTimestampMs),
        [INGEST_HEADERS.signature]: sign(null, Buffer.from(text), key).toString('base64url'),
      }
    },
  }
}
