/**
 * Which token the desk uses. One handed over as `#token=…` is taken out of the address at once (addresses are shared
 * and logged), kept for this tab and used until it expires or is refused; without one a guest token is fetched.
 */
import type { GetToken } from '#client/rest/request'
import { TIERS, type Tier } from '#schemas/tiers'

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
  const { exp } = claimsOf(token)
  return typeof exp === 'number' ? exp * 1000 : null
}

/** Only to be shown, as the server decides; null when it cannot be read. */
export function tierOf(token: string): Tier | null {
  const { tier } = claimsOf(token)
  return TIERS.find((known) => known === tier) ?? null
}

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const payload = token.split('.')[1] ?? ''
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    return typeof claims === 'object' && claims !== null ? { ...claims } : {}
  } catch {
    return {}
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
