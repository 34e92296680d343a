import type { Right } from '../pricing/blackScholes.ts'

/**
 * Where exercising early can be right. `never`: holding always earns more. `single`: past one boundary, in the money.
 * `double`: between two boundaries, which needs a rate below zero and a yield below it (put), or the other way round
 * (call); see L. Andersen and M. Lake, "Fast American option pricing: the double-boundary case", Wilmott, 2021.
 */
export type ExerciseRegion = 'never' | 'single' | 'double'

/** Interest this small over the life is lost in the rounding of the price. */
const NOTHING = 1e-15

/**
 * Exercising a put earns interest on the strike and gives up the yield of spot; a call is a put on the strike with
 * rate and yield exchanged. Both continuously
 * compounded, times years.
 */
export function exerciseRegion(right: Right, rateTime: number, yieldTime: number): ExerciseRegion {
  const earned = right === 'put' ? rateTime : yieldTime
  const givenUp = right === 'put' ? yieldTime : rateTime
  if (earned > NOTHING) return 'single'
  if (givenUp >= earned - NOTHING) return 'never'
  return earned >= 0 ? 'single' : 'double'
}
