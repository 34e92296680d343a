/** Signs an operator's request, and says whether one that came is by who has the secret, and recent. */
import {
  MIN_OPERATOR_SECRET,
  OPERATOR_HEADERS,
  OPERATOR_WINDOW_MS,
  operatorText,
  type OperatorRequest,
} from '#schemas/operator'
import type { ProblemCode } from '#schemas/problem'
import { decodeBase64url, encodeBase64url } from '../auth/base64url.ts'
import { sha256Hex } from '../partner/sha256.ts'

const MAC_BYTES = 32
const encoder = new TextEncoder()

export interface OperatorPost {
  readonly method: string
  readonly path: string
  readonly body: string
}

export type OperatorVerdict =
  /** `signature` is its one spelling: a repeat has the same. */
  | { readonly ok: true; readonly signature: string; readonly timestampMs: number }
  | {
      readonly ok: false
      readonly code: Extract<
        ProblemCode,
        'missing_signature' | 'unknown_key' | 'invalid_signature' | 'signature_expired'
      >
      readonly field: string
      readonly detail: string
    }

/** Headers for one attempt. */
export async function signOperatorPost(
  secret: string,
  post: OperatorPost,
  timestampMs: number,
): Promise<Record<string, string>> {
  const key = await importSecret(secret, 'sign')
  const mac = await crypto.subtle.sign('HMAC', key, await signedBytes(post, timestampMs))
  return {
    [OPERATOR_HEADERS.timestamp]: String(timestampMs),
    [OPERATOR_HEADERS.signature]: encodeBase64url(new Uint8Array(mac)),
  }
}

/** `secret` undefined, empty or short: nobody may. */
export async function verifyOperatorPost(
  secret: string | undefined,
  header: (name: string) => string | undefined,
  post: OperatorPost,
  nowMs: number,
): Promise<OperatorVerdict> {
  const [timestamp, signature] = [header(OPERATOR_HEADERS.timestamp), header(OPERATOR_HEADERS.signature)]
  if (!timestamp)
    return refused('missing_signature', OPERATOR_HEADERS.timestamp, 'expected UTC ms, was nothing')
  if (!signature)
    return refused('missing_signature', OPERATOR_HEADERS.signature, 'expected base64url, was nothing')
  if (secret === undefined || secret.length < MIN_OPERATOR_SECRET) {
    const detail = `this service has no OPERATOR_SECRET of ${MIN_OPERATOR_SECRET} characters or more`
    return refused('unknown_key', OPERATOR_HEADERS.signature, detail)
  }
  if (!/^[1-9]\d{0,14}$/.test(timestamp))
    return refused('invalid_signature', OPERATOR_HEADERS.timestamp, 'expected UTC ms as an integer')
  const timestampMs = Number(timestamp)
  if (Math.abs(nowMs - timestampMs) > OPERATOR_WINDOW_MS) {
    const detail = `expected a time within ${OPERATOR_WINDOW_MS} ms of ours, was ${nowMs - timestampMs} ms away`
    return refused('signature_expired', OPERATOR_HEADERS.timestamp, detail)
  }
  const mac = decodeBase64url(signature)
  const key = await importSecret(secret, 'verify')
  // Compares in constant time.
  if (
    mac?.length === MAC_BYTES &&
    (await crypto.subtle.verify('HMAC', key, mac, await signedBytes(post, timestampMs)))
  )
    return { ok: true, signature, timestampMs }
  const detail = 'expected a signature of this method, path, timestamp and body'
  return refused('invalid_signature', OPERATOR_HEADERS.signature, detail)
}

async function signedBytes({ method, path, body }: OperatorPost, timestampMs: number) {
  const request: OperatorRequest = { method, path, timestampMs, bodySha256Hex: await sha256Hex(body) }
  return encoder.encode(operatorText(request))
}

function importSecret(secret: string, use: 'sign' | 'verify') {
  return crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [
    use,
  ])
}

function refused(
  code: Extract<OperatorVerdict, { ok: false }>['code'],
  field: string,
  detail: string,
): OperatorVerdict {
  return { ok: false, code, field, detail }
}
