/** Requests through the Worker's public door, with tokens and batches made with the test keys. For workerd tests. */
import { env, exports } from 'cloudflare:workers'
import type { FeedKind } from '#schemas/feed'
import type { IngestBatch } from '#schemas/ingest/batch'
import { encodeBatch } from '#schemas/ingest/codec'
import { SAMPLE_BATCH } from '#schemas/ingest/sample'
import type { Problem } from '#schemas/problem'
import type { Tier } from '#schemas/tiers'
import { authKeys } from '../auth/authKeys.ts'
import { issueToken } from '../auth/issueToken.ts'
import { signPost } from '../ingest/signPost.ts'

export const ORIGIN = 'https://flipwire.test'

export async function tokenFor(tier: Tier, subject = 'someone'): Promise<string> {
  const keys = await authKeys(env)
  const { token } = await issueToken({ subject, tier, lifeSeconds: 600 }, keys, Date.now())
  return token
}

export function send(path: string, init: RequestInit = {}): Promise<Response> {
  return exports.default.fetch(new Request(`${ORIGIN}${path}`, init))
}

/** GET as a caller of this tier. */
export async function read(
  path: string,
  tier: Tier = 'pro',
  headers: Record<string, string> = {},
): Promise<Response> {
  return send(path, { headers: { authorization: `Bearer ${await tokenFor(tier)}`, ...headers } })
}

export async function problemOf(response: Response): Promise<Problem> {
  if (response.headers.get('content-type') !== 'application/problem+json')
    throw new Error(`expected a problem, was ${response.status} ${await response.text()}`)
  return response.json()
}

export function batchFor(symbol: string, changes: Partial<IngestBatch> = {}): Uint8Array {
  return encodeBatch({ ...SAMPLE_BATCH, symbol, ...changes })
}

/** Posts as the test bridge does. `headers` replace signed ones. */
export async function postBatch(
  symbol: string,
  body: Uint8Array,
  { headers = {}, timestampMs = Date.now() }: { headers?: Record<string, string>; timestampMs?: number } = {},
): Promise<Response> {
  const path = `/v1/ingest/${symbol}`
  const signed = await signPost(env.TEST_INGEST_PRIVATE_JWK, path, body, timestampMs)
  return send(path, { method: 'POST', body, headers: { ...signed, ...headers } })
}

/** A symbol with one batch of this feed in it. */
export async function seedSymbol(symbol: string, feed: FeedKind = 'synthetic'): Promise<void> {
  const response = await postBatch(symbol, batchFor(symbol, { feed, createdMs: Date.now() }))
  if (!response.ok) throw new Error(`expected the batch to be applied, was ${await response.text()}`)
}
