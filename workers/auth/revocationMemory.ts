/**
 * What an isolate knows of an account's revocations, and when it has to ask again. Pure. Two may be asked: Redis, which is
 * near and says only that something was revoked, by a mark that is another one each time; and the account's object,
 * which is right.
 */
import { NOTHING_REVOKED, type Revocations } from '#durable-objects/account/revocation'

/** What is revoked is refused by every isolate within this, where there is Redis. */
export const MARK_KNOWN_FOR_MS = 1_000
/** And within this where there is none, or it lies. */
export const REVOCATIONS_KNOWN_FOR_MS = 30_000

export interface Known {
  readonly mark: string | null
  readonly markAskedMs: number
  readonly revocations: Revocations
  /** When the question was asked whose answer this is. */
  readonly asOfMs: number
  /** When the account's object was last asked, answer or not. */
  readonly askedMs: number
}

export const NOTHING_KNOWN: Known = {
  mark: null,
  markAskedMs: -Infinity,
  revocations: NOTHING_REVOKED,
  asOfMs: -Infinity,
  askedMs: -Infinity,
}

export function isMarkDue({ markAskedMs }: Known, nowMs: number): boolean {
  return nowMs - markAskedMs >= MARK_KNOWN_FOR_MS
}

/** Nobody waits for this one. */
export function isAccountDue({ askedMs }: Known, nowMs: number): boolean {
  return nowMs - askedMs >= REVOCATIONS_KNOWN_FOR_MS
}

export function asking(known: Known, nowMs: number): Known {
  return { ...known, askedMs: nowMs }
}

/** The mark is as before, or was not to be had. */
export function markUnchanged(known: Known, nowMs: number): Known {
  return { ...known, markAskedMs: nowMs }
}

/** An answer to an older question comes too late. `mark`: the one that led to asking. */
export function answered(
  known: Known,
  revocations: Revocations,
  asOfMs: number,
  mark: string | null = known.mark,
): Known {
  if (asOfMs < known.asOfMs) return known
  const isOlderPossible = asOfMs === known.asOfMs
  return {
    ...known,
    mark,
    revocations: isOlderPossible ? both(known.revocations, revocations) : revocations,
    asOfMs,
    askedMs: Math.max(known.askedMs, asOfMs),
  }
}

/** Of one instant, of which the later is not known: nothing of either may get lost. */
function both(a: Revocations, b: Revocations): Revocations {
  return {
    notBeforeMs: Math.max(a.notBeforeMs, b.notBeforeMs),
    ended: [...new Set([...a.ended, ...b.ended])],
  }
}
