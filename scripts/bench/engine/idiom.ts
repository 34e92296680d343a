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
