import type { SignInputs } from '../exposure/signModel.ts'
import type { ChainView } from './chainView.ts'
import { concentration, type Concentration } from './concentration.ts'
import type { ExpirySelectionId } from './expirySelection.ts'
import { FLIP_METHOD_IDS, flipVariant, type FlipVariant } from './flipVariants.ts'
import { pinScore, type PinScore } from './pinScore.ts'

/** Beside the canonical levels: every flip definition over every usual expiry set, and where gamma gathers. */
export interface LevelVariants {
  readonly flips: readonly FlipVariant[]
  readonly pin: PinScore
  readonly concentration: Concentration
}

const EXPIRY_SETS: readonly ExpirySelectionId[] = ['all', 'within90d', 'first4', 'front']
const M1 = { call: 1, put: -1 } as const

/** Flips under M1. `signs` are the inputs concentration's models vote with; greeks must be current. */
export function levelVariants(view: ChainView, signs: SignInputs): LevelVariants {
  const flips = FLIP_METHOD_IDS.flatMap((flip) =>
    EXPIRY_SETS.map((expirySet) => flipVariant(view, flip, expirySet, M1)),
  )
  return { flips, pin: pinScore(view), concentration: concentration(view, signs) }
}
