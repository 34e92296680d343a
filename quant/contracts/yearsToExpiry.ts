const YEAR_MS = 365 * 86_400_000

/**
 * Years from now to settlement, calendar time over 365 days; exactly 0 from the settlement instant on. Never floored
 * above 0: a floor keeps expired contracts alive and distorts the last minutes of the day.
 */
export function yearsToExpiry(expiryMs: number, nowMs: number): number {
  return Math.max(0, expiryMs - nowMs) / YEAR_MS
}
