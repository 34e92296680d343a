/**
 * Sums that do not depend on order. Exposures are rounded to 2^-6 of a currency unit: every sum of such values
 * below 2^47 (1.4e14) is exact in a double, so sums by strike, by expiry and in total agree bit for bit whatever order
 * they are taken in, and delta-maintained totals do not drift.
 */
const GRID = 2 ** -6
/** Adding and subtracting 1.5·2^52 grid units leaves the nearest multiple of the grid (IEEE 754 round to even). */
const TO_GRID = 1.5 * 2 ** 52 * GRID

/** Nearest multiple of the grid, for magnitudes below 2^45. */
export function toExactGrid(value: number): number {
  return value + TO_GRID - TO_GRID
}

export const EXACT_GRID = GRID
