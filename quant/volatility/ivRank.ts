/** One trading year. */
const WINDOW_SESSIONS = 252
/** Fewer sessions than a quarter say nothing about where in its range a volatility is. */
const LEAST_SESSIONS = 60

export interface IvRank {
  /** Where between the window's lowest (0) and highest (1) volatility today's lies. */
  readonly rank: number | null
  /** Share of the window's sessions with a lower volatility. */
  readonly percentile: number | null
  readonly sessions: number
  readonly reason: 'insufficient_history' | 'flat_history' | 'no_current_vol' | null
}

/**
 * Rank and percentile of today's volatility among those of previous sessions, oldest first, of which the last 252 count;
 * constant-maturity 30-day at-the-money volatility is the usual series. Null and not-finite entries are days without one.
 * A new extreme is rank 0 or 1.
 */
export function ivRank(history: readonly (number | null)[], today: number | null): IvRank {
  const known = history.filter((vol): vol is number => vol !== null && Number.isFinite(vol))
  const window = known.slice(-WINDOW_SESSIONS)
  const sessions = window.length
  if (today === null || !Number.isFinite(today)) return none(sessions, 'no_current_vol')
  if (sessions < LEAST_SESSIONS) return none(sessions, 'insufficient_history')
  const low = Math.min(today, ...window)
  const high = Math.max(today, ...window)
  const percentile = window.filter((vol) => vol < today).length / sessions
  return high > low
    ? { rank: (today - low) / (high - low), percentile, sessions, reason: null }
    : { rank: null, percentile, sessions, reason: 'flat_history' }
}

function none(sessions: number, reason: NonNullable<IvRank['reason']>): IvRank {
  return { rank: null, percentile: null, sessions, reason }
}
