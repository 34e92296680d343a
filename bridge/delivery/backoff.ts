export interface BackoffSettings {
  readonly baseMs: number
  readonly capMs: number
}

export const DEFAULT_BACKOFF: BackoffSettings = { baseMs: 100, capMs: 5_000 }

/**
 * Exponential back-off with full jitter (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015):
 * uniform between 0 and the doubled cap, so that many bridges do not come back in step.
 *
 * @param failures in a row, 1 or more
 * @param random in [0, 1)
 */
export function backoffMs(failures: number, random: number, { baseMs, capMs }: BackoffSettings): number {
  return Math.round(random * Math.min(capMs, baseMs * 2 ** Math.min(failures - 1, 30)))
}
