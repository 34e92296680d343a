/**
 * Days to expiry along an axis. Listed expiries are a day apart at first and a year apart at last; on ln(1 + days) both
 * ends can be read, and the last hours do not stretch it.
 */
export function termPosition(days: number): number {
  return Math.log1p(Math.max(0, days))
}

const TENORS: readonly (readonly [days: number, name: string])[] = [
  [1, '1 d'],
  [3, '3 d'],
  [7, '1 w'],
  [14, '2 w'],
  [30, '1 m'],
  [60, '2 m'],
  [90, '3 m'],
  [180, '6 m'],
  [365, '1 y'],
  [730, '2 y'],
  [1_825, '5 y'],
]

export interface TermTick {
  readonly at: number
  readonly name: string
}

/** The customary tenors from the first to the last of `days`. */
export function termTicks(days: readonly number[]): TermTick[] {
  const [first, last] = [days[0] ?? 0, days.at(-1) ?? 0]
  return TENORS.filter(([tenor]) => tenor >= first && tenor <= last).map(([tenor, name]) => ({
    at: termPosition(tenor),
    name,
  }))
}
