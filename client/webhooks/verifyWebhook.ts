/**
 * What a receiver of our webhooks does first: makes sure that a message is ours and of now (Standard Webhooks). WebCrypto
 * alone, so it runs in Node, browsers and workers.
 *
 *     const message = await verifyWebhook({ secret, headers: request.headers, body: await request.text() })
 *     if (!message.ok) return new Response(message.detail, { status: 400 })
 *     if (message.event?.type === 'level.crossed') console.log(message.event.data.symbol)
 */
import * as v from 'valibot'
import { WebhookEventSchema, type WebhookEvent } from '#schemas/webhookEvents'

const PREFIX = 'whsec_'
const VERSION = 'v1,'
const TOLERANCE_MS = 300_000
/** What Standard Webhooks has for the least; a secret that is missing or cut off must not verify anything. */
const MIN_SECRET_BYTES = 24
/** Nobody changes this many secrets at once; each costs a hash per secret. */
const MAX_SIGNATURES = 20

export interface WebhookMessage {
  /** `whsec_…`; several while you change them. */
  readonly secret: string | readonly string[]
  /** Of the request, as they came: a `Headers`, or names in any case. */
  readonly headers: WebhookHeaders
  /** As it came: parsed and written again it would not be the same bytes. */
  readonly body: string | Uint8Array | ArrayBuffer
  /** By default the clock's. */
  readonly nowMs?: number
}

export type WebhookHeaders =
  { get(name: string): string | null } | Readonly<Record<string, string | readonly string[] | undefined>>

export type WebhookRefusal =
  'missing_header' | 'wrong_timestamp' | 'too_old' | 'too_new' | 'wrong_signature' | 'wrong_body'

export type VerifiedWebhook =
  | {
      readonly ok: true
      /** Of the event, the same at every attempt: tell repeats by it. */
      readonly id: string
      /** Of this attempt. */
      readonly attemptedMs: number
      /** Null when it is of a type, or holds a value, that this version does not know: it is ours and can be left. */
      readonly event: WebhookEvent | null
      /** All of it, as it was sent. */
      readonly json: unknown
    }
  | { readonly ok: false; readonly reason: WebhookRefusal; readonly detail: string }

/** @throws TypeError when a secret is not written as one. */
export async function verifyWebhook({
  secret,
  headers,
  body,
  nowMs = Date.now(),
}: WebhookMessage): Promise<VerifiedWebhook> {
  const secrets = (typeof secret === 'string' ? [secret] : secret).map(secretBytes)
  if (secrets.length === 0) throw new TypeError('expected a secret, was none')
  const [id, seconds, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headerOf(headers, name),
  )
  if (!id || !seconds || !signatures)
    return refused('missing_header', 'expected webhook-id, webhook-timestamp and webhook-signature')
  if (!/^\d{1,12}$/.test(seconds))
    return refused('wrong_timestamp', 'expected Unix seconds in webhook-timestamp')
  const attemptedMs = Number(seconds) * 1_000
  if (nowMs - attemptedMs > TOLERANCE_MS)
    return refused('too_old', 'expected a message of the last five minutes')
  if (attemptedMs - nowMs > TOLERANCE_MS) return refused('too_new', 'expected a message of the past')
  const bytes = bytesOf(body)
  if (!(await isSigned(signedBytes(`${id}.${seconds}.`, bytes), signatures, secrets)))
    return refused('wrong_signature', 'expected a signature made with this secret, over the body as it came')
  const json = v.safeParse(v.pipe(v.string(), v.parseJson()), new TextDecoder().decode(bytes))
  if (!json.success) return refused('wrong_body', 'expected JSON')
  const event = v.safeParse(WebhookEventSchema, json.output)
  return { ok: true, id, attemptedMs, event: event.success ? event.output : null, json: json.output }
}

/** WebCrypto compares in constant time. */
async function isSigned(
  content: Uint8Array<ArrayBuffer>,
  signatures: string,
  secrets: readonly Uint8Array<ArrayBuffer>[],
): Promise<boolean> {
  const given = signatures
    .split(' ')
    .filter((each) => each.startsWith(VERSION))
    .slice(0, MAX_SIGNATURES)
    .map((each) => fromBase64(each.slice(VERSION.length)))
    .filter((bytes) => bytes !== null)
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  const verdicts = secrets.map(async (secret) => {
    const key = await crypto.subtle.importKey('raw', secret, hmac, false, ['verify'])
    const each = await Promise.all(given.map((bytes) => crypto.subtle.verify('HMAC', key, bytes, content)))
    return each.includes(true)
  })
  return (await Promise.all(verdicts)).includes(true)
}

/** @throws TypeError; its message does not repeat the secret. */
function secretBytes(secret: string): Uint8Array<ArrayBuffer> {
  const bytes = fromBase64(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret)
  if (bytes !== null && bytes.length >= MIN_SECRET_BYTES) return bytes
  throw new TypeError(`expected a secret as it was shown, ${PREFIX} and base64, was something else`)
}

function headerOf(headers: WebhookHeaders, name: string): string | null {
  if (isHeaders(headers)) return headers.get(name)
  const values = Object.entries(headers)
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => value ?? [])
  // Two of one name: somebody added one.
  return values.length === 1 ? (values[0] ?? null) : null
}

function isHeaders(headers: WebhookHeaders): headers is { get(name: string): string | null } {
  return typeof headers['get'] === 'function'
}

function signedBytes(prefix: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const start = new TextEncoder().encode(prefix)
  const content = new Uint8Array(start.length + body.length)
  content.set(start)
  content.set(body, start.length)
  return content
}

function bytesOf(body: string | Uint8Array | ArrayBuffer): Uint8Array {
  if (typeof body === 'string') return new TextEncoder().encode(body)
  return body instanceof Uint8Array ? body : new Uint8Array(body)
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const characters = atob(text)
    return Uint8Array.from({ length: characters.length }, (_, i) =>
      characters.charCodeAt(i),
    ) as Uint8Array<ArrayBuffer>
  } catch {
    return null
  }
}

function refused(reason: WebhookRefusal, detail: string): VerifiedWebhook {
  return { ok: false, reason, detail }
}
