/**
 * Which token the desk uses. One handed over as `#token=…` is taken out of the address at once (addresses are shared
 * and logged), kept for this tab and used until it expires or is refused; without one a guest token is fetched.
 */
import type { GetToken } from '#client/rest/request'

const KEY = 'flipwire.token'

export interface TokenStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** The token in a fragment such as `#token=eyJ…`, or null. */
export function tokenInFragment(fragment: string): string | null {
  return new URLSearchParams(fragment.replace(/^#/, '')).get('token')
}

/** When a JWT expires, in ms; null when it cannot be read. The server decides; this only avoids a useless request. */
export function expiryMs(token: string): number | null {
  try {
    const payload = token.split('.')[1] ?? ''
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    if (typeof claims !== 'object' || claims === null || !('exp' in claims)) return null
    return typeof claims.exp === 'number' ? claims.exp * 1000 : null
  } catch {
    return null
  }
}

export function createCallerToken(
  fragment: string,
  storage: TokenStorage,
  guest: GetToken,
  nowMs: () => number,
): GetToken {
  const given = tokenInFragment(fragment)
  if (given !== null) storage.setItem(KEY, given)
  return async (options) => {
    const held = storage.getItem(KEY)
    const expires = held === null ? null : expiryMs(held)
    if (held !== null && expires !== null && expires > nowMs() && !options?.renew) return held
    if (held !== null) storage.removeItem(KEY)
    return guest(options)
  }
}
