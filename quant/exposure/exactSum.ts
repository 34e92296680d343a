/**
 * Sums that do not depend on order. Exposures are rounded to 2^-6 of a currency unit: every sum of such values
 * below 2^47 (1.4e14) is exact in a double, so sums by strike, by expiry and in total agree bit for bit whatever order
 * they are taken in, and delta-maintained totals do not drift.
 */
const GRID = 2 ** -6

/** Nearest multiple of the grid, for magnitudes below 2^45. */
export function toExactGrid(value: number): number {
  // Adding and subtracting 1.5·2^52 grid units leaves the nearest multiple of the grid (IEEE 754 round to even).
  const toGrid = 105_553_116_266_496
  return value + toGrid - toGrid
}

/** The nearest figure that stays on the grid: gamma, charm and what derives from them have no limit as time runs out. */
export function bounded(exposure: number): number {
  // 2^44: a larger figure is a singularity of the last seconds before settlement, and would leave the exact grid.
  const largest = 17_592_186_044_416
  return exposure > largest ? largest : exposure < -largest ? -largest : exposure
}

export const EXACT_GRID = GRID
