/** Guest tokens, fetched silently, shared by concurrent callers and replaced before they expire. */
import { GuestTokenSchema, type GuestToken } from '#schemas/claims'
import { request, type GetToken, type Transport } from './rest/request.ts'

/** Replaced this long before expiry, so that a token never expires on its way. */
const RENEW_BEFORE_MS = 60_000

export interface GuestTokenOptions {
  /** Origin of the service, without a trailing slash; empty for the page's own. */
  readonly baseUrl: string
  readonly transport: Transport
  readonly nowMs: () => number
}

export function createGuestToken({ baseUrl, transport, nowMs }: GuestTokenOptions): GetToken {
  let held: GuestToken | null = null
  let pending: Promise<GuestToken> | null = null

  return async (options) => {
    const usable = held !== null && Date.parse(held.expiresAt) - nowMs() > RENEW_BEFORE_MS
    if (held !== null && usable && !options?.renew) return held.token
    pending ??= request(transport, `${baseUrl}/v1/auth/guest`, GuestTokenSchema, { method: 'POST' }).finally(
      () => {
        pending = null
      },
    )
    held = await pending
    return held.token
  }
}
