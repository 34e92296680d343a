import type { Chain } from '../chain/chain.ts'

/** What early exercise depends on besides the strike: rate, yield and spot of one expiry. Per-life figures are ·years. */
export interface ExpiryCarry {
  readonly years: number
  readonly rateTime: number
  readonly yieldTime: number
  /** Spot that grows into the expiry's forward at this carry. */
  readonly spot: number
}

/**
 * A yield over the life below this counts as none, and above the ceiling as the ceiling. A spot one hundredth of a per
 * cent out of step with the options' quotes looks like a dividend of that size, or like a negative one, and near expiry
 * it would be the largest part of the carry.
 */
const YIELD_TIME = { floor: 3e-4, ceiling: 0.5 } as const

/**
 * The carry of the dividends known, or else the one the expiry's own forward implies, spread evenly over its life; null for
 * an expiry without time or forward. The spot is the one that belongs to the forward and not the last print, so that a stale print moves no premium.
 */
export function expiryCarry(chain: Chain, spot: number, e: number): ExpiryCarry | null {
  const years = chain.years[e] as number
  const forward = chain.forward[e] as number
  const rateTime = -Math.log(chain.discount[e] as number)
  const implied = rateTime - Math.log(forward / spot)
  if (!(years > 0) || !Number.isFinite(implied)) return null
  const known = chain.dividendTime[e] as number
  const plausible = implied < YIELD_TIME.floor ? 0 : Math.min(YIELD_TIME.ceiling, implied)
  const yieldTime = known === known ? known : plausible
  return { years, rateTime, yieldTime, spot: forward * Math.exp(yieldTime - rateTime) }
}
