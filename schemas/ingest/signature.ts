/**
 * How a bridge signs a post. Ed25519 over a canonical text, so that the Worker holds only the public key and a
 * leaked Worker configuration cannot forge ticks. Each attempt is signed anew (new timestamp), so a byte-for-byte
 * repeat of a request is a replay, not a retry.
 */
export const INGEST_HEADERS = {
  keyId: 'flipwire-key-id',
  timestamp: 'flipwire-timestamp',
  signature: 'flipwire-signature',
} as const

/** A signature is good for this long either side of the Worker's clock. */
export const SIGNATURE_WINDOW_MS = 30_000

export interface SignedRequest {
  readonly method: string
  /** Path without query, e.g. `/v1/ingest/SPX`. */
  readonly path: string
  readonly keyId: string
  readonly timestampMs: number
  readonly bodySha256Hex: string
}

export function signingText(request: SignedRequest): string {
  const { method, path, keyId, timestampMs, bodySha256Hex } = request
  return ['flipwire-ingest-1', method, path, keyId, String(timestampMs), bodySha256Hex].join('\n')
}
