/** `POST /v1/ingest/:symbol/lease`: a bridge asks for, renews or gives back the right to feed a symbol. */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as v from 'valibot'
import {
  LeaseRequestSchema,
  MAX_LEASE_REQUEST_BYTES,
  type LeaseAnswer,
  type LeaseGranted,
  type LeaseRequest,
} from '#schemas/ingest/lease'
import type { AppEnv } from '../appEnv.ts'
import { describe } from '../openapi/describe.ts'
import { readSignedPost, type SignedPost } from '../ingest/signedPost.ts'
import { AppError, invalidParameter } from '../middleware/errors/AppError.ts'
import { objectFailure, symbolStub } from '../symbol/symbolObject.ts'

export const lease = new Hono<AppEnv>()

const about = describe({
  id: 'decideLease',
  tag: 'Ingest',
  summary: 'Asks for, renews or gives back the right to feed a symbol',
  access: 'signed',
  body: 'LeaseRequest',
  answer: 'LeaseGranted',
  problems: ['invalid_parameter', 'lease_held'],
})

const limitBody = bodyLimit({
  maxSize: MAX_LEASE_REQUEST_BYTES,
  onError: () => {
    throw invalidParameter('body', `expected at most ${MAX_LEASE_REQUEST_BYTES} bytes, was more`)
  },
})

lease.post('/v1/ingest/:symbol/lease', about, limitBody, async (c) => {
  const post = await readSignedPost(c)
  const answer = await decide(c.env, post)
  if (!answer.ok) {
    const { code, detail, retryAfterMs } = answer
    const headers = { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) }
    throw new AppError(code, detail, { retryAfterMs, headers })
  }
  const granted: LeaseGranted = answer
  return c.json(granted)
})

function readRequest(body: Uint8Array): LeaseRequest {
  const schema = v.pipe(v.string(), v.parseJson(), LeaseRequestSchema)
  const parsed = v.safeParse(schema, new TextDecoder().decode(body))
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  throw invalidParameter(v.getDotPath(issue) ?? 'body', issue.message)
}

/** One attempt only, as with a batch: a repeat of the same signature is refused. */
async function decide(
  env: AppEnv['Bindings'],
  { symbol, body, signature, signedMs }: SignedPost,
): Promise<LeaseAnswer> {
  const request = readRequest(body)
  try {
    const above = await aboveApplied(env, symbol, request)
    return await env.LEASE.getByName(symbol).decide(above, signature, signedMs)
  } catch (cause) {
    throw objectFailure(symbol, cause)
  }
}

/** An epoch is of use only when the symbol's object has seen none as large, also from a bridge that took no lease. */
async function aboveApplied(
  env: AppEnv['Bindings'],
  symbol: string,
  request: LeaseRequest,
): Promise<LeaseRequest> {
  if (request.op !== 'acquire') return request
  const lastEpoch = Math.max(request.lastEpoch, await symbolStub(env, symbol).readEpoch())
  return { ...request, lastEpoch }
}
