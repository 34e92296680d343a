/** One attempt: a POST that follows no redirect, waits 15 seconds and reads nothing of the answer but its head. */
import { endpointUrl } from './endpointUrl.ts'
import type { Attempt } from './schedule.ts'

const TIMEOUT_MS = 15_000

export async function postEvent(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  { allowLoopback }: { readonly allowLoopback: boolean },
): Promise<Attempt> {
  // Once more, as the rules may have become stricter since it was registered.
  const allowed = endpointUrl(url, { allowLoopback })
  if (!allowed.ok) return { status: null, error: `address not allowed: ${allowed.detail}` }
  try {
    const response = await fetch(allowed.url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'Flipwire-Webhooks/1' },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    // What it says is no business of ours, however much it is.
    await response.body?.cancel()
    return { status: response.status, retryAfter: response.headers.get('retry-after') }
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    // Not the error's own text: it may tell what a name resolves to.
    return { status: null, error: isLate ? `no answer within ${TIMEOUT_MS / 1000} s` : 'no connection' }
  }
}
