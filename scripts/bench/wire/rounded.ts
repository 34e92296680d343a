import type { GammaFrame } from '#schemas/frame/gamma'

/** The frame as a careful peer would send it: amounts in whole currency, prices to cents, ratios to four digits. */
export function rounded(frame: GammaFrame): GammaFrame {
  return JSON.parse(
    JSON.stringify(frame, (_, value: unknown) => (typeof value === 'number' ? round(value) : value)),
  )
}

function round(value: number): number {
  const perOne = Math.abs(value) >= 1e6 ? 1 : Math.abs(value) >= 10 ? 100 : 10_000
  return Math.round(value * perOne) / perOne
}
