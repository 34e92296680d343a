/**
 * Guest tokens, fetched silently, shared by concurrent callers and replaced before they expire. Each is asked for with the one
 * before it, and so is of the same guest, who keeps what is open and what was used.
 */
import { GuestTokenSchema, type GuestToken } from '#schemas/claims'
import { request, type GetToken, type Transport } from './rest/request.ts'

/** Replaced this long before expiry, so that a token never expires on its way. */
const RENEW_BEFORE_MS = 60_000

/** Where the token is kept: all who share it are one guest. */
export interface GuestTokenStore {
  read(): GuestToken | null
  write(token: GuestToken): void
}

export interface GuestTokenOptions {
  /** Origin of the service, without a trailing slash; empty for the page's own. */
  readonly baseUrl: string
  readonly transport: Transport
  readonly nowMs: () => number
  /** By default in memory. */
  readonly store?: GuestTokenStore
}

export function createGuestToken({
  baseUrl,
  transport,
  nowMs,
  store = inMemory(),
}: GuestTokenOptions): GetToken {
  let pending: Promise<GuestToken> | null = null
  const fetchNext = (last: GuestToken | null) =>
    request(transport, `${baseUrl}/v1/auth/guest`, GuestTokenSchema, {
      method: 'POST',
      ...(last === null ? {} : { getToken: () => Promise.resolve(last.token) }),
    })

  return async (options) => {
    const held = store.read()
    const usable = held !== null && Date.parse(held.expiresAt) - nowMs() > RENEW_BEFORE_MS
    if (held !== null && usable && !options?.renew) return held.token
    pending ??= fetchNext(held).finally(() => {
      pending = null
    })
    const fetched = await pending
    store.write(fetched)
    return fetched.token
  }
}

function inMemory(): GuestTokenStore {
  let held: GuestToken | null = null
  return {
    read: () => held,
    write: (token) => {
      held = token
    },
  }
}
