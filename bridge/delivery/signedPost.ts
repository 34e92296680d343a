import type { Clock } from '../clock/clock.ts'
import type { RequestSigner } from './requestSigner.ts'

/** The way to the Worker for one symbol. */
export interface Connection {
  /** Origin of the Worker, e.g. `http://127.0.0.1:8787`. */
  readonly to: string
  readonly symbol: string
  readonly signer: RequestSigner
  readonly clock: Clock
  readonly timeoutMs: number
}

export type Exchange =
  | {
      readonly kind: 'answered'
      readonly status: number
      /** The header, seconds or a date. */
      readonly retryAfter: string | null
      readonly body: string
    }
  /** No answer: refused connection, reset, timeout. */
  | { readonly kind: 'unanswered'; readonly reason: string }

/** One signed attempt. Never rejects. */
export async function postSigned(
  { to, signer, clock, timeoutMs }: Connection,
  path: string,
  contentType: string,
  body: Uint8Array,
): Promise<Exchange> {
  try {
    const response = await fetch(new URL(path, to), {
      method: 'POST',
      headers: { 'content-type': contentType, ...signer.sign(path, body, clock.now()) },
      body,
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'manual',
    })
    const text = await response.text()
    const retryAfter = response.headers.get('retry-after')
    return { kind: 'answered', status: response.status, retryAfter, body: text }
  } catch (error) {
    return { kind: 'unanswered', reason: reasonOf(error) }
  }
}

/** fetch hides the system error (ECONNREFUSED, ECONNRESET) in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message
  return error.name === 'TimeoutError' ? 'timeout' : error.message
}
