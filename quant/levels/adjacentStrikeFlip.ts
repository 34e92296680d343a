import { dropEmptyStrikes, strikeFlip, type StrikeFlip } from './strikeCrossings.ts'

/**
 * Method F3: prices between neighbouring strikes whose own net gamma differs in sign. Cheap, and common (several public
 * tools print the first or the nearest), but it is a property of single strikes, not of the book: a real chain has a
 * dozen such places, and one trade can move the nearest by several strikes. Every crossing counts, as in those tools; `significance` tells how little some mean.
 */
export function adjacentStrikeFlip(
  strikes: Float64Array,
  netByStrike: Float64Array,
  spot: number,
): StrikeFlip {
  const { strike, net } = dropEmptyStrikes(strikes, netByStrike)
  return strikeFlip(strike, net, spot, 0)
}
