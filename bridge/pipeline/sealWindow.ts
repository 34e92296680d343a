/**
 * How long ticks are held before they are sealed into a batch: by how lively the symbol is. A batch costs the same
 * whatever is in it (docs/adr/0006), so a quiet symbol sends fewer; the first tick after a silence never waits longer
 * than `minMs`.
 */
export interface SealWindow {
  readonly minMs: number
  /** Batches of a quiet symbol are this far apart, at most. */
  readonly maxMs: number
  /** The same while a print, a definition or open interest is held: they cannot be had again if this process dies. */
  readonly maxEventMs: number
  /** While as many batches are on their way as may be: another one would only wait, and grow old, in the journal. */
  readonly maxFullMs: number
}

export function sealWindow(minMs: number): SealWindow {
  return {
    minMs,
    maxMs: Math.max(minMs, 1_000),
    maxEventMs: Math.max(minMs, 250),
    maxFullMs: Math.max(minMs, 2_000),
  }
}

/** Ticks that are worth a batch of their own. */
const WORTHWHILE_TICKS = 50

/**
 * The instant to seal at.
 *
 * @param openedMs when the first of the held ticks came
 * @param sealedMs when the batch before was sealed; -Infinity before the first
 * @param ticksPerMs received lately; infinite while unknown
 */
export function sealAtMs(
  { minMs, maxMs, maxEventMs }: SealWindow,
  openedMs: number,
  sealedMs: number,
  ticksPerMs: number,
  holdsEvents: boolean,
): number {
  const longestMs = holdsEvents ? maxEventMs : maxMs
  const spacingMs = Math.max(minMs, Math.min(longestMs, Math.ceil(WORTHWHILE_TICKS / ticksPerMs)))
  return Math.max(openedMs + minMs, sealedMs + spacingMs)
}
