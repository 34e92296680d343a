/**
 * Which guest a token still stands for, when it comes to get the next one: a good one, or one that was good until a while
 * ago. Only its end is looked past; everything else is verified as of the moment it ended.
 */
import { decodeJwt } from 'jose'
import type { AccessClaims } from '#schemas/claims'
import { GUEST_PREFIX } from '#schemas/subject'
import type { AuthKeys } from './authKeys.ts'
import { verifyToken } from './verifyToken.ts'

const DAY_MS = 86_400_000
/** A visitor who comes back the next day is the same guest. */
export const RENEWABLE_FOR_MS = DAY_MS
/** Then another guest, however often it was renewed. */
export const GUEST_LIFE_MS = 7 * DAY_MS

export interface RenewableGuest {
  readonly subject: string
  /** When its first token was issued. */
  readonly bornMs: number
}

/** Null for whatever is none: it does not say why. */
export async function renewableGuest(
  token: string,
  keys: Pick<AuthKeys, 'publicKeys'>,
  nowMs: number,
): Promise<RenewableGuest | null> {
  const now = await verifyToken(token, ['access'], keys, nowMs)
  if (now.ok) return now.kind === 'access' ? guestOf(now.claims, nowMs) : null
  // Only a token whose signature is good is said to have expired.
  if (now.code !== 'expired_token') return null
  const endedMs = (decodeJwt(token).exp ?? -Infinity) * 1000
  if (nowMs - endedMs > RENEWABLE_FOR_MS) return null
  const then = await verifyToken(token, ['access'], keys, endedMs)
  return then.ok && then.kind === 'access' ? guestOf(then.claims, nowMs) : null
}

function guestOf({ sub, iat, born = iat, sid }: AccessClaims, nowMs: number): RenewableGuest | null {
  const bornMs = born * 1000
  const isGuest = sub.startsWith(GUEST_PREFIX) && sid === undefined
  return isGuest && born <= iat && nowMs - bornMs <= GUEST_LIFE_MS ? { subject: sub, bornMs } : null
}
