import type { StrikeBand } from './profiles.ts'

/** Listed strikes around a spot, ascending: each band on its own step, a finer band's strikes included in its reach. */
export function listStrikes(spot: number, bands: readonly StrikeBand[]): number[] {
  const strikes = new Set<number>()
  for (const { below, above, step } of bands) {
    const last = Math.floor((spot * (1 + above)) / step)
    for (let n = Math.ceil((spot * (1 - below)) / step); n <= last; n++) strikes.add(n * step)
  }
  return [...strikes].sort((a, b) => a - b)
}
