/** `POST /v1/ingest/:symbol/drain`: an operator sends a symbol's viewers away before a restart. */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as v from 'valibot'
import { DrainRequestSchema, MAX_DRAIN_REQUEST_BYTES, type Drained } from '#schemas/ingest/drain'
import type { AppEnv } from '../appEnv.ts'
import { describe } from '../openapi/describe.ts'
import { readSignedPost } from '../ingest/signedPost.ts'
import { AppError, invalidParameter } from '../middleware/errors/AppError.ts'
import { objectFailure, symbolStub } from '../symbol/symbolObject.ts'

export const drain = new Hono<AppEnv>()

const about = describe({
  id: 'drainViewers',
  tag: 'Ingest',
  summary: 'Sends the viewers of a symbol away before a restart, to come back after a while',
  access: 'signed',
  body: 'DrainRequest',
  answer: 'Drained',
  problems: ['invalid_parameter'],
})

const limitBody = bodyLimit({
  maxSize: MAX_DRAIN_REQUEST_BYTES,
  onError: () => {
    throw invalidParameter('body', `expected at most ${MAX_DRAIN_REQUEST_BYTES} bytes, was more`)
  },
})

drain.post('/v1/ingest/:symbol/drain', about, limitBody, async (c) => {
  const { symbol, body, signature } = await readSignedPost(c)
  const { delayMs } = readRequest(body)
  const drained = await symbolStub(c.env, symbol)
    .drain(delayMs, signature)
    .catch((cause: unknown) => {
      throw objectFailure(symbol, cause)
    })
  if (drained === 'replayed') {
    throw new AppError('replayed_request', 'expected every attempt to be signed anew')
  }
  const answer: Drained = drained
  return c.json(answer)
})

function readRequest(body: Uint8Array) {
  const schema = v.pipe(v.string(), v.parseJson(), DrainRequestSchema)
  const parsed = v.safeParse(schema, new TextDecoder().decode(body))
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  throw invalidParameter(v.getDotPath(issue) ?? 'body', issue.message)
}
