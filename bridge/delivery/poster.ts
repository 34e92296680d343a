import { readAnswer, type PostResult } from './answer.ts'
import { postSigned, type Connection } from './signedPost.ts'

export const POST_TIMEOUT_MS = 10_000

/** One attempt to deliver one encoded batch. Never rejects. */
export type Post = (batch: Uint8Array) => Promise<PostResult>

export function createPoster(connection: Connection): Post {
  const path = `/v1/ingest/${connection.symbol}`
  return async (batch) => {
    const exchange = await postSigned(connection, path, 'application/octet-stream', batch)
    if (exchange.kind === 'unanswered')
      return { kind: 'unavailable', reason: exchange.reason, retryAfterMs: null }
    return readAnswer(exchange.status, exchange.retryAfter, exchange.body, connection.clock.now())
  }
}
