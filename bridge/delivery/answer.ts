import { ProblemSchema } from '#schemas/problem'
import type { BatchPosition } from '#schemas/ingest/batch'
import * as v from 'valibot'

/** What one attempt to post a batch came to. */
export type PostResult =
  | {
      readonly kind: 'accepted'
      readonly position: BatchPosition
      readonly flagged: number
      readonly duplicate: boolean
    }
  /** Nobody has decided anything: the network, an overloaded or failing server. */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly retryAfterMs: number | null }
  /** The signature was too old or seen before: sign again. */
  | { readonly kind: 'signAgain'; readonly reason: string }
  | { readonly kind: 'gap'; readonly expected: BatchPosition | null }
  | { readonly kind: 'stale'; readonly detail: string }
  | {
      readonly kind: 'refused'
      readonly code: string
      readonly detail: string
      readonly field: string | null
    }

const PositionSchema = v.object({ epoch: v.number(), sequence: v.number() })
const AcceptedSchema = v.object({
  ok: v.literal(true),
  status: v.picklist(['applied', 'duplicate']),
  position: PositionSchema,
  flagged: v.number(),
})
/** The parts of a problem that decide what to do; an older or newer server may say more. */
const RefusedSchema = v.partial(v.pick(ProblemSchema, ['detail', 'errors', 'expected']))
const CodeSchema = v.object({ code: v.string() })

/** Too Early and Request Timeout are the two 4xx that mean "try again". */
const RETRIED_STATUSES: ReadonlySet<number> = new Set([408, 425, 429])

/** Reads an HTTP answer. `retryAfter` is the header, seconds or a date. */
export function readAnswer(
  status: number,
  retryAfter: string | null,
  body: string,
  nowMs: number,
): PostResult {
  const json: unknown = parseJson(body)
  if (status === 200) return readAccepted(json)
  if (status >= 500 || RETRIED_STATUSES.has(status)) {
    const reason = `HTTP ${status}${codeOf(json) ? ` ${codeOf(json)}` : ''}`
    return { kind: 'unavailable', reason, retryAfterMs: retryAfterMs(retryAfter, nowMs) }
  }
  const code = codeOf(json) ?? `http_${status}`
  const refusal = v.safeParse(RefusedSchema, json)
  const { detail = body.slice(0, 200), errors, expected } = refusal.success ? refusal.output : {}
  if (code === 'sequence_gap') return { kind: 'gap', expected: expected ?? null }
  if (code === 'stale_epoch') return { kind: 'stale', detail }
  if (code === 'signature_expired' || code === 'replayed_request') return { kind: 'signAgain', reason: code }
  return { kind: 'refused', code, detail, field: errors?.[0]?.field ?? null }
}

function readAccepted(json: unknown): PostResult {
  const accepted = v.safeParse(AcceptedSchema, json)
  // A 200 that is not ours comes from a proxy or captive portal; believing it would lose the batch.
  if (!accepted.success)
    return { kind: 'unavailable', reason: 'HTTP 200 without an ingest answer', retryAfterMs: null }
  const { position, flagged, status } = accepted.output
  return { kind: 'accepted', position, flagged, duplicate: status === 'duplicate' }
}

function codeOf(json: unknown): string | null {
  const parsed = v.safeParse(CodeSchema, json)
  return parsed.success ? parsed.output.code : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const date = Date.parse(header)
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs)
}
