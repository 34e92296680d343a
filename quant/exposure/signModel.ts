import type { Chain } from '../chain/chain.ts'

/**
 * Who is on the other side is an assumption, so it is a weight vector and nothing else: every model fills signed
 * contracts per row, and exposures, profile and flips follow from the weights alone. Flow-based models fill the same
 * vector from their own data.
 */
export const SIGN_MODELS = {
  /** Unsigned: gamma mass, whoever holds it. */
  M0: { call: 1, put: 1, title: 'unsigned gamma mass' },
  /** Dealers long calls, short puts: the convention of the published "naive GEX". */
  M1: { call: 1, put: -1, title: 'naive: dealers long calls, short puts' },
  /** Dealers short every option. */
  M2: { call: -1, put: -1, title: 'dealers short everything' },
  /** The opposite of M1; some vendors print it. */
  M3: { call: -1, put: 1, title: 'inverse of naive' },
} as const
export type SignModelId = keyof typeof SIGN_MODELS

/**
 * Writes signed contracts per row: sign of the model × `contracts` (open interest or volume). An unknown count
 * weighs nothing.
 */
export function fillSignedWeights(
  chain: Chain,
  model: SignModelId,
  contracts: Float64Array,
  out: Float64Array,
): void {
  const { call, put } = SIGN_MODELS[model]
  const { callSign } = chain
  for (let row = 0; row < chain.count; row++) {
    const count = contracts[row] as number
    out[row] = count > 0 ? count * ((callSign[row] as number) > 0 ? call : put) : 0
  }
}
