/** A bridge's post about one symbol, once its signature is proven. */
import type { Context } from 'hono'
import { isSymbol } from '#schemas/symbol'
import type { AppEnv } from '../appEnv.ts'
import { AppError } from '../middleware/errors/AppError.ts'
import { invalidSymbol } from '../middleware/tier/requireScope.ts'
import { ingestKeys } from './ingestKeys.ts'
import { readPostClaim, verifyPost, type PostRefusal } from './postSignature.ts'

export interface SignedPost {
  readonly symbol: string
  readonly body: Uint8Array
  /** Canonical: identifies the request. */
  readonly signature: string
  /** By the bridge's clock. */
  readonly signedMs: number
}

/** @throws AppError for what is no symbol, and for a signature that is missing, unknown, late or wrong. */
export async function readSignedPost(c: Context<AppEnv, '/v1/ingest/:symbol'>): Promise<SignedPost> {
  const symbol = c.req.param('symbol')
  if (!isSymbol(symbol)) throw invalidSymbol(symbol)
  const keys = await ingestKeys(c.env.INGEST_PUBLIC_JWKS)
  const claimed = readPostClaim(c.req.method, c.req.path, (name) => c.req.header(name), keys, Date.now())
  if (!claimed.ok) throw signatureRefused(claimed)
  const body = new Uint8Array(await c.req.arrayBuffer())
  const verified = await verifyPost(claimed.claim, body)
  if (!verified.ok) throw signatureRefused(verified)
  const { signature, timestampMs } = claimed.claim
  return { symbol, body, signature, signedMs: timestampMs }
}

function signatureRefused({ code, field, detail }: PostRefusal): AppError {
  return new AppError(code, `${field}: ${detail}`, { errors: [{ field, detail }] })
}
