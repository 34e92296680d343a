import { dropEmptyStrikes, strikeFlip, type StrikeFlip } from './strikeCrossings.ts'

/** Which end of the strikes the running sum starts from; sources differ, and so do the answers. */
export type CumulativeDirection = 'low_to_high' | 'high_to_low'

/** As for the spot ladder: the sum starts from nothing, so a few far contracts can change its sign and mean nothing. */
const SIGNIFICANT = 0.1

/**
 * Method F2: prices at which the running sum of net gamma over strikes changes sign. The sum over all strikes is the
 * book's net gamma at today's spot, so nothing is repriced: it is not a spot at which the book is neutral.
 */
export function cumulativeFlip(
  strikes: Float64Array,
  netByStrike: Float64Array,
  spot: number,
  direction: CumulativeDirection,
): StrikeFlip {
  const { strike, net } = dropEmptyStrikes(strikes, netByStrike)
  const sums = new Float64Array(net.length)
  let sum = 0
  for (let i = 0; i < net.length; i++) {
    const k = direction === 'low_to_high' ? i : net.length - 1 - i
    sum += net[k] as number
    sums[k] = sum
  }
  return strikeFlip(strike, sums, spot, SIGNIFICANT)
}
