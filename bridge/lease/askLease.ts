import { LeaseGrantedSchema, type LeaseRequest } from '#schemas/ingest/lease'
import * as v from 'valibot'
import { readAnswer } from '../delivery/answer.ts'
import { postSigned, type Connection } from '../delivery/signedPost.ts'

/** A renewal that is not answered must leave time for another before the lease ends. */
export const LEASE_TIMEOUT_MS = 3_000

/** What one attempt to get, keep or give back the lease came to. */
export type LeaseResult =
  | {
      readonly kind: 'granted'
      readonly epoch: number
      /** Good for this long from when it was asked for. */
      readonly ttlMs: number
      readonly renewEveryMs: number
    }
  /** Another bridge has it. */
  | { readonly kind: 'held'; readonly detail: string; readonly retryAfterMs: number }
  /** Nobody has decided anything. */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly retryAfterMs: number | null }
  /** The signature was too old or seen before: sign again. */
  | { readonly kind: 'signAgain'; readonly reason: string }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string }

/** One attempt. Never rejects. */
export type AskLease = (request: LeaseRequest) => Promise<LeaseResult>

export function createAskLease(connection: Connection): AskLease {
  const path = `/v1/ingest/${connection.symbol}/lease`
  return async (request) => {
    const body = new TextEncoder().encode(JSON.stringify(request))
    const exchange = await postSigned(connection, path, 'application/json', body)
    if (exchange.kind === 'unanswered')
      return { kind: 'unavailable', reason: exchange.reason, retryAfterMs: null }
    return readLeaseAnswer(exchange.status, exchange.retryAfter, exchange.body, connection.clock.now())
  }
}

const HeldSchema = v.object({
  code: v.literal('lease_held'),
  detail: v.string(),
  retryAfterMs: v.pipe(v.number(), v.minValue(0), v.maxValue(60_000)),
})
const json = <T extends v.GenericSchema>(schema: T) => v.pipe(v.string(), v.parseJson(), schema)

export function readLeaseAnswer(
  status: number,
  retryAfter: string | null,
  body: string,
  nowMs: number,
): LeaseResult {
  const granted = v.safeParse(json(LeaseGrantedSchema), body)
  if (status === 200 && granted.success) return { kind: 'granted', ...granted.output }
  const held = v.safeParse(json(HeldSchema), body)
  if (status === 409 && held.success) return { kind: 'held', ...held.output }
  const other = readAnswer(status, retryAfter, body, nowMs)
  if (other.kind === 'unavailable' || other.kind === 'signAgain') return other
  if (other.kind === 'refused') return other
  return { kind: 'refused', code: `http_${status}`, detail: body.slice(0, 200) }
}
