import type { ExpirySelectionId } from '../levels/expirySelection.ts'
import type { FlipMethodId } from '../levels/flipVariants.ts'
import type { WallVariant } from '../levels/walls.ts'
import type { Weighting } from '../levels/weighing.ts'
import type { GammaUnitId } from './exposureUnit.ts'
import type { LinearLadder } from './linearLadder.ts'

/**
 * How well a row is known: `source_code` was read, `documentation` is the vendor's or author's own page,
 * `secondary` somebody else's account of it.
 */
export type SourceGrade = 'source_code' | 'documentation' | 'secondary'

/** Which crossing a source names when there are several. */
export type FlipPick = 'nearest' | 'first'

export interface FlipRule {
  readonly method: FlipMethodId | LinearLadder
  readonly pick: FlipPick
}

export interface WallRule {
  readonly variant: WallVariant
  /** A wall must be at least this share of spot away; `side` walls only. */
  readonly minDistanceShare?: number
}

/** One published way of computing gamma exposure and its levels, as data. */
export interface Convention {
  readonly id: string
  /** What it does, in neutral words. */
  readonly title: string
  readonly documentedBy: string
  readonly source: string
  readonly grade: SourceGrade
  /** As the source writes it, in this project's symbols. */
  readonly formula: string
  readonly unit: GammaUnitId
  /** What the source multiplies a contract by: the listed multiplier, or a fixed number. */
  readonly contractSize: 'listed' | number
  readonly signModel: 'M0' | 'M1' | 'M2' | 'M3'
  readonly weighting: Weighting
  readonly expiries: ExpirySelectionId
  /** Null where the source names none, or does not say how. */
  readonly flip: FlipRule | null
  readonly walls: WallRule | null
  /** Why a rule is null, and whatever else keeps the row from being the source's own number. */
  readonly caveats: readonly string[]
}
