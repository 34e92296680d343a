/** `POST /v1/ingest/:symbol`: a bridge's batch, once its signature is proven, goes to the symbol's object as it is. */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { IngestAccepted, IngestAnswer } from '#schemas/ingest/answer'
import { decodeBatchHeader, MAX_BATCH_BYTES } from '#schemas/ingest/codec'
import type { AppEnv } from '../appEnv.ts'
import { describe } from '../openapi/describe.ts'
import { readSignedPost } from '../ingest/signedPost.ts'
import { AppError } from '../middleware/errors/AppError.ts'
import { objectFailure, symbolStub } from '../symbol/symbolObject.ts'

export const ingest = new Hono<AppEnv>()

const about = describe({
  id: 'postBatch',
  tag: 'Ingest',
  summary: 'A batch of ticks in the binary form of docs/design/wire.md',
  access: 'signed',
  body: 'batch',
  answer: 'IngestAccepted',
  problems: [
    'batch_truncated',
    'batch_bad_magic',
    'batch_version',
    'batch_checksum',
    'batch_field',
    'batch_symbol',
    'batch_unknown_contract',
    'batch_too_large',
    'sequence_gap',
    'stale_epoch',
    'contract_limit',
  ],
})

/** Before the body is read where the length is declared, and never more than this is read. */
const limitBody = bodyLimit({
  maxSize: MAX_BATCH_BYTES,
  onError: () => {
    const detail = `expected at most ${MAX_BATCH_BYTES} bytes, was more`
    throw new AppError('batch_too_large', detail, { errors: [{ field: 'body', detail }] })
  },
})

ingest.post('/v1/ingest/:symbol', about, limitBody, async (c) => {
  const { symbol, body, signature } = await readSignedPost(c)
  checkHeader(body, symbol)
  const answer = await applyBatch(c.env, symbol, body, signature)
  const accepted: IngestAccepted = answer
  return c.json(accepted)
})

function checkHeader(body: Uint8Array, symbol: string): void {
  const header = decodeBatchHeader(body)
  if (!header.ok) {
    const { code, field, expected, received } = header.defect
    const detail = `expected ${expected}, was ${received}`
    throw new AppError(code, `${field}: ${detail}`, { errors: [{ field, detail }] })
  }
  if (header.value.symbol === symbol) return
  const detail = `expected ${symbol} as in the path, was ${header.value.symbol}`
  throw new AppError('batch_symbol', detail, { errors: [{ field: 'symbol', detail }] })
}

/**
 * One attempt only. The object refuses a signature it has seen, so a second attempt with the same one could not tell
 * "applied, answer lost" from a replay; the bridge tries again with a new signature and learns it is a duplicate.
 */
async function applyBatch(
  env: AppEnv['Bindings'],
  symbol: string,
  body: Uint8Array,
  signature: string,
): Promise<IngestAccepted> {
  let answer: IngestAnswer
  try {
    answer = await symbolStub(env, symbol).applyBatch(body, signature)
  } catch (cause) {
    throw objectFailure(symbol, cause)
  }
  if (answer.ok) return answer
  const { code, detail, field, expected } = answer
  throw new AppError(code, detail, { errors: [{ field, detail }], ...(expected ? { expected } : {}) })
}
