import type { Right } from '#schemas/tick'
import { hash32 } from './Random.ts'
import type { MarketProfile } from './profiles.ts'

const MS_PER_YEAR = 365 * 86_400_000

/**
 * Contracts open. Puts gather below spot (protection) and calls above (overwriting), both at round strikes and in
 * monthlies, so that with dealers long calls and short puts net gamma changes sign a little below spot.
 */
export function openInterestOf(
  profile: MarketProfile,
  spot: number,
  contract: {
    readonly strike: number
    readonly right: Right
    readonly expiryMs: number
    readonly monthly: boolean
  },
  nowMs: number,
  noiseSeed: number,
): number {
  const { strike, right, expiryMs, monthly } = contract
  const years = Math.max(expiryMs - nowMs, 0) / MS_PER_YEAR
  const x = Math.log(strike / spot) / (profile.variance.longRunVol * Math.sqrt(Math.max(years, 7 / 365)))
  const shape =
    right === 'call' ? 1.5 * bell(x, 0.6, 0.85) + 0.04 : bell(x, -1.15, 1.1) + (x < 0 ? 0.08 : 0.02)
  const term = (monthly ? 1 : 0.22) / (1 + 1.5 * years)
  const noise = Math.exp(
    0.5 * normalOf(hash32(noiseSeed, Math.round(strike * 100) + (right === 'call' ? 1 : 0))),
  )
  return Math.round(profile.openInterestScale * shape * term * roundness(profile, strike) * noise)
}

/** How popular a strike is for being a round number, 1 for the roundest. */
export function roundness({ roundStrikes: [major, minor] }: MarketProfile, strike: number): number {
  if (strike % major === 0) return 1
  return strike % minor === 0 ? 0.5 : 0.15
}

function bell(x: number, centre: number, width: number): number {
  return Math.exp(-0.5 * ((x - centre) / width) ** 2)
}

/** A roughly normal deviate from 32 random bits: the sum of their four bytes, standardised. */
function normalOf(bits: number): number {
  const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24)
  return (sum - 510) / 147.8
}
