import type { PlainContract } from './contracts.ts'

/**
 * Net gamma exposure at a list of spots the way gamma tools in TypeScript usually write it: an array of objects, and
 * the whole formula with its logarithm and exponential for every contract at every level.
 */
export function idiomaticProfile(contracts: readonly PlainContract[], spots: readonly number[]): number[] {
  return spots.map((spot) => {
    let net = 0
    for (const { strike, years, rate, dividendYield, vol, weight } of contracts) {
      const root = Math.sqrt(years)
      const d1 = (Math.log(spot / strike) + (rate - dividendYield + 0.5 * vol * vol) * years) / (vol * root)
      const density = Math.exp(-0.5 * d1 * d1) / Math.sqrt(2 * Math.PI)
      const gamma = (Math.exp(-dividendYield * years) * density) / (spot * vol * root)
      net += weight * gamma * 100 * spot * spot * 0.01
    }
    return net
  })
}

const LEVELS = 60

/** Zero gamma nearest a price the way it is usually found: 60 levels from 0.8 to 1.2 of spot, and a straight line. */
export function interpolatedFlip(contracts: readonly PlainContract[], spot: number, near = spot): number {
  const spots = Array.from({ length: LEVELS }, (_, level) => spot * (0.8 + (0.4 * level) / (LEVELS - 1)))
  const net = idiomaticProfile(contracts, spots)
  let nearest = Number.NaN
  for (let level = 1; level < LEVELS; level++) {
    const [low, high] = [net[level - 1] as number, net[level] as number]
    if (low * high >= 0) continue
    const step = (spots[level] as number) - (spots[level - 1] as number)
    const at = (spots[level - 1] as number) + (step * low) / (low - high)
    if (!(Math.abs(at - near) >= Math.abs(nearest - near))) nearest = at
  }
  return nearest
}
