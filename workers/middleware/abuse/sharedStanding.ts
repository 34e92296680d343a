/**
 * What an isolate knows of one client's burst everywhere else. Pure. What it has served it tells Redis, one message at a
 * time, and Redis says how long there is no room. Nobody waits for that: a burst is overrun by what is served meanwhile.
 */

/** Longer than Redis may take. A message that is not answered by then is taken for lost. */
const TELLING_MS = 5_000

export interface SharedStanding {
  readonly untold: number
  readonly tellingUntilMs: number
  readonly refusedUntilMs: number
}

export const NOTHING_TOLD: SharedStanding = { untold: 0, tellingUntilMs: 0, refusedUntilMs: 0 }

/** 0, or how long until there is room again. */
export function sharedWaitMs({ refusedUntilMs }: SharedStanding, nowMs: number): number {
  return Math.max(0, refusedUntilMs - nowMs)
}

export function served(standing: SharedStanding, cost: number): SharedStanding {
  return { ...standing, untold: standing.untold + cost }
}

/** What to tell now; null when there is nothing, or a message is on its way. */
export function beginTelling(
  standing: SharedStanding,
  nowMs: number,
): { readonly standing: SharedStanding; readonly cost: number } | null {
  const { untold: cost, tellingUntilMs } = standing
  if (cost === 0 || nowMs < tellingUntilMs) return null
  return { standing: { ...standing, untold: 0, tellingUntilMs: nowMs + TELLING_MS }, cost }
}

/** `waitMs`: null when Redis did not say, which refuses nobody. */
export function told(standing: SharedStanding, waitMs: number | null, nowMs: number): SharedStanding {
  return { ...standing, tellingUntilMs: 0, refusedUntilMs: waitMs === null ? 0 : nowMs + waitMs }
}
