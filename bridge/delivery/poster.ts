import type { Clock } from '../clock/clock.ts'
import { readAnswer, type PostResult } from './answer.ts'
import type { RequestSigner } from './requestSigner.ts'

/** One attempt to deliver one encoded batch. Never rejects. */
export type Post = (batch: Uint8Array) => Promise<PostResult>

export interface PosterOptions {
  /** Origin of the Worker, e.g. `http://127.0.0.1:8787`. */
  readonly to: string
  readonly symbol: string
  readonly signer: RequestSigner
  readonly clock: Clock
  readonly timeoutMs: number
}

export function createPoster({ to, symbol, signer, clock, timeoutMs }: PosterOptions): Post {
  const path = `/v1/ingest/${symbol}`
  const url = new URL(path, to)
  return async (batch) => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream', ...signer.sign(path, batch, clock.now()) },
        body: batch,
        signal: AbortSignal.timeout(timeoutMs),
        redirect: 'manual',
      })
      const body = await response.text()
      return readAnswer(response.status, response.headers.get('retry-after'), body, clock.now())
    } catch (error) {
      return { kind: 'unavailable', reason: reasonOf(error), retryAfterMs: null }
    }
  }
}

/** fetch hides the system error (ECONNREFUSED, ECONNRESET) in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message
  return error.name === 'TimeoutError' ? 'timeout' : error.message
}
