/**
 * Why an endpoint is sent nothing for a while, though its owner wants it to. What happens meanwhile waits for as long as an
 * attempt that fails would; after that nothing more is kept until it goes on. Pure.
 */
import type { PauseReason } from '#schemas/rest/webhooks'
import { mayRead, SCOPES, type Tier } from '#schemas/tiers'

/** For which events wait, from the beginning of the pause or from when they happened. */
export const HELD_MS = 3 * 86_400_000
const LOOK_EVERY_MS = 15 * 60_000
/** Once nothing waits any more. */
const LOOK_SELDOM_MS = 3_600_000

export interface Pause {
  readonly reason: PauseReason
  /** For its owner, and for each delivery that is not made because of it. */
  readonly detail: string
  readonly sinceMs: number
}

/** `tier`: null when the account is not there any more; `any` when the owner is no account. */
export interface Facts {
  readonly tier: Tier | 'any' | null
  readonly canSign: boolean
}

export function pauseOf({ tier, canSign }: Facts, held: Pause | null, nowMs: number): Pause | null {
  const found = tierPause(tier) ?? (canSign ? null : SECRET_LOST)
  if (found === null) return null
  return { ...found, sinceMs: held?.reason === found.reason ? held.sinceMs : nowMs }
}

export function isOver({ sinceMs }: Pause, nowMs: number): boolean {
  return nowMs - sinceMs >= HELD_MS
}

export function nextLookMs(pause: Pause, nowMs: number): number {
  return nowMs + (isOver(pause, nowMs) ? LOOK_SELDOM_MS : LOOK_EVERY_MS)
}

const SECRET_LOST = {
  reason: 'secret',
  detail: 'not sent: the secret cannot be opened any more, rotate it',
} as const

function tierPause(tier: Facts['tier']): Omit<Pause, 'sinceMs'> | null {
  if (tier === 'any') return null
  if (tier === null) return { reason: 'tier', detail: 'not sent: the account is not there any more' }
  if (mayRead(tier, 'endpoints', 'live')) return null
  return {
    reason: 'tier',
    detail: `not sent: the account is ${tier}, webhooks need ${SCOPES.endpoints.tier}`,
  }
}
