import type { ChainView } from '../levels/chainView.ts'
import { FLIP_METHODS, flipOf } from '../levels/flipVariants.ts'
import { signedContracts, type DealerSigns } from '../levels/weighing.ts'
import type { FlipStatus } from '../levels/zeroGamma.ts'
import type { FlipRule } from './convention.ts'
import { linearLadderCrossings } from './linearLadder.ts'

/** A convention's flip: the crossing it names, and every other one it would have had to choose from. */
export interface ConventionFlip {
  readonly value: number | null
  readonly method: string
  readonly status: FlipStatus
  /** Ascending. */
  readonly all: readonly number[]
}

const LINEAR_LADDER_METHOD = 'flip.linear_ladder@1'

export function conventionFlip(
  view: ChainView,
  rule: FlipRule,
  contracts: Float64Array,
  signs: DealerSigns,
): ConventionFlip {
  if (typeof rule.method !== 'string') {
    const signed = signedContracts(view.chain, contracts, signs)
    const all = linearLadderCrossings(view, signed, rule.method)
    const value = (rule.pick === 'first' ? all[0] : nearest(all, view.spot)) ?? null
    const absent = signed.every((count) => count === 0) ? 'no_data' : 'one_signed'
    return { value, method: LINEAR_LADDER_METHOD, status: value === null ? absent : 'resolved', all }
  }
  const found = flipOf(view, rule.method, contracts, signs)
  const all = found.crossings.map(({ price }) => price)
  const value = rule.pick === 'first' && found.nearest !== null ? (all[0] ?? null) : found.nearest
  return { value, method: FLIP_METHODS[rule.method].id, status: found.status, all }
}

function nearest(prices: readonly number[], spot: number): number | undefined {
  return prices.toSorted((a, b) => Math.abs(a - spot) - Math.abs(b - spot))[0]
}
