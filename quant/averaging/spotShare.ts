import type { Chain } from '../chain/chain.ts'

/**
 * Writes d ln(forward)/d ln(spot) of every expiry: 1, except inside the window over which its settlement is averaged. There
 * the forward is that of the average, F = (1 − u)·A_so_far + u·S with u of the window still to come, so the share is u·S/F.
 *
 * Options traded inside the window are options on that average: parity gives its forward and a price its volatility, so the
 * average so far needs no other source. Without parity the forward is spot's, as if the average stood at spot.
 */
export function fillSpotShares(chain: Chain, spot: number): void {
  const { spotShare, forward } = chain
  for (let e = 0; e < chain.expiryCount; e++) {
    const left = unaveraged(chain, e)
    spotShare[e] = left < 1 ? (left * spot) / (forward[e] as number) : 1
  }
}

/** Moves every forward with spot, from `spot` to `ratio` times it. An average moves by its share only. */
export function moveForwards({ forward, spotShare, expiryCount }: Chain, ratio: number): void {
  for (let e = 0; e < expiryCount; e++) {
    const share = spotShare[e] as number
    if (share === 1) {
      forward[e] = (forward[e] as number) * ratio
    } else {
      const growth = 1 + share * (ratio - 1)
      forward[e] = (forward[e] as number) * growth
      spotShare[e] = (share * ratio) / growth
    }
  }
}

const LEAST_AVERAGED = 0.1

/** Where an expiry stands in its averaging window. */
export interface AveragingState {
  /** Part of the window still to come. */
  readonly unaveraged: number
  /**
   * The average so far, in the currency of spot, as parity implies it; null without parity, when it is taken to stand at
   * spot, and while under a tenth is averaged, when a tick of spot would move it by ten.
   */
  readonly averageSoFar: number | null
}

/** Null outside the window. `byParity`: whether the forward is that of the expiry's own prices. */
export function averagingState(
  chain: Chain,
  e: number,
  spot: number,
  byParity: boolean,
): AveragingState | null {
  const left = unaveraged(chain, e)
  if (left === 1) return null
  const average = ((chain.forward[e] as number) - left * spot) / (1 - left)
  const isTold = byParity && 1 - left >= LEAST_AVERAGED && Number.isFinite(average)
  return { unaveraged: left, averageSoFar: isTold ? average : null }
}

/** Part of an expiry's averaging window still to come; 1 before the window, without one, and once settled. */
function unaveraged({ years, averagingYears }: Chain, e: number): number {
  const left = years[e] as number
  const window = averagingYears[e] as number
  return left > 0 && left < window ? left / window : 1
}
