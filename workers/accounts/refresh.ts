/**
 * What a refresh token that was shown means. Each is good for one exchange; one that is shown again is the sign of a
 * theft, unless it comes so soon that only the answer was lost, or two tabs asked at once. Pure.
 */

const DAY_MS = 86_400_000
/** A session ends then, however much it is used. */
export const SESSION_MS = 30 * DAY_MS
/** A session that is not used ends. */
export const IDLE_MS = 7 * DAY_MS
/** For an answer that got lost. */
export const GRACE_MS = 10_000

export interface ShownToken {
  readonly usedMs: number | null
  readonly sessionLastUsedMs: number
  readonly sessionExpiresMs: number
}

export type RefreshVerdict =
  /** Exchange it. */
  | 'rotate'
  /** It was exchanged a moment ago: the same successor again. */
  | 'repeat'
  /** Somebody has a copy: the session ends, whoever of the two is the thief. */
  | 'reuse'
  | 'expired'

export function decideRefresh(token: ShownToken, nowMs: number): RefreshVerdict {
  if (nowMs >= token.sessionExpiresMs || nowMs >= token.sessionLastUsedMs + IDLE_MS) return 'expired'
  if (token.usedMs === null) return 'rotate'
  return nowMs - token.usedMs <= GRACE_MS ? 'repeat' : 'reuse'
}
