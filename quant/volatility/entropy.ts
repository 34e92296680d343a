export interface Entropy {
  readonly bits: number
  /** Entropy over that of the uniform distribution on the same places: 0 concentrated, 1 even. */
  readonly normalised: number
  /** e^H: over how many equally filled places the mass might as well be spread. */
  readonly effectiveCount: number
}

/**
 * Shannon entropy of non-negative weights, which need not sum to 1 (C. Shannon, "A mathematical theory of
 * communication", 1948). Null without any weight. `effectiveCount` and `normalised` compare across chains; bits alone
 * grow with the number of places.
 */
export function entropyOf(weights: readonly number[]): Entropy | null {
  let total = 0
  for (const weight of weights) if (weight > 0) total += weight
  if (!(total > 0 && total < Infinity)) return null
  let nats = 0
  for (const weight of weights) {
    // A share too small for a double contributes what it tends to, nothing.
    const share = weight > 0 ? weight / total : 0
    if (share > 0) nats -= share * Math.log(share)
  }
  // Rounding can leave equal shares a hair above the most there is.
  const most = Math.log(weights.length)
  nats = Math.min(nats, most)
  return {
    bits: nats / Math.LN2,
    normalised: most > 0 ? nats / most : 0,
    effectiveCount: Math.exp(nats),
  }
}
