import { adjacentStrikeFlip } from './adjacentStrikeFlip.ts'
import type { ChainView } from './chainView.ts'
import type { Crossing } from './crossings.ts'
import { cumulativeFlip } from './cumulativeFlip.ts'
import type { ExpirySelectionId } from './expirySelection.ts'
import { spotLadderFlip } from './spotLadderFlip.ts'
import type { StrikeCrossing, StrikeFlip } from './strikeCrossings.ts'
import { contractsOf, netByStrike, signedContracts, strikeColumnsOf, type DealerSigns } from './weighing.ts'
import type { FlipStatus, ZeroGamma } from './zeroGamma.ts'

/** Every definition of a gamma flip in use, by short name. */
export const FLIP_METHODS = {
  F1: { id: 'flip.spot_ladder@1', title: 'book repriced over spots' },
  F2up: { id: 'flip.cumulative_low_to_high@1', title: 'net summed over strikes from the lowest' },
  F2down: { id: 'flip.cumulative_high_to_low@1', title: 'net summed over strikes from the highest' },
  F3: { id: 'flip.adjacent_strikes@1', title: 'neighbouring strikes of opposite net' },
  F4: { id: 'flip.spot_ladder_volume@1', title: "F1 weighted by the session's volume" },
} as const
export type FlipMethodId = keyof typeof FLIP_METHODS
export const FLIP_METHOD_IDS = Object.keys(FLIP_METHODS) as FlipMethodId[]

/** One definition's answer; a price only where the figure really changes sign. */
export interface FlipVariant {
  readonly flip: FlipMethodId
  readonly method: string
  readonly expirySet: ExpirySelectionId
  readonly status: FlipStatus
  /** Nearest to spot; null unless there is a crossing to name. */
  readonly nearest: number | null
  /** All of them, ascending. */
  readonly prices: readonly number[]
  readonly evidence: readonly (Crossing | StrikeCrossing)[]
}

/** The flip of the selected expiries by one method, under fixed dealer signs. */
export function flipVariant(
  view: ChainView,
  flip: FlipMethodId,
  expirySet: ExpirySelectionId,
  signs: DealerSigns,
): FlipVariant {
  const contracts = contractsOf(view, flip === 'F4' ? 'volume' : 'open_interest', expirySet)
  const { status, nearest, crossings } = flipOf(view, flip, contracts, signs)
  const prices = crossings.map(({ price }) => price)
  return { flip, method: FLIP_METHODS[flip].id, expirySet, status, nearest, prices, evidence: crossings }
}

/** The same for contracts already weighed, whatever they count. */
export function flipOf(
  view: ChainView,
  flip: FlipMethodId,
  contracts: Float64Array,
  signs: DealerSigns,
): ZeroGamma | StrikeFlip {
  const { chain, spot } = view
  if (flip === 'F1' || flip === 'F4') return spotLadderFlip(view, signedContracts(chain, contracts, signs))
  const net = netByStrike(strikeColumnsOf(view, contracts), signs)
  if (flip === 'F3') return adjacentStrikeFlip(chain.strikes, net, spot)
  return cumulativeFlip(chain.strikes, net, spot, flip === 'F2up' ? 'low_to_high' : 'high_to_low')
}
