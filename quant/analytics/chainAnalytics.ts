/**
 * The analysis of one chain at one instant, as plain JSON-ready numbers: what frames, REST and the command line show.
 * A figure that cannot be computed is null and `reasons` says why, under the figure's name.
 *
 * Exposures are in the chain's currency per +1 % of spot (`units`); under model M1 call figures are positive and put
 * figures negative.
 */
import type { AveragingState } from '../averaging/spotShare.ts'
import type { ForwardSource } from '../chain/forwards.ts'
import type { VolStatus } from '../chain/volStatus.ts'
import { EXPOSURE_UNITS, type ExposureKind } from '../exposure/exposureKinds.ts'
import type { Sides } from '../exposure/exposureTable.ts'
import type { SignModelId } from '../exposure/signModel.ts'
import type { ExpirySetId } from '../levels/expirySets.ts'
import type { Wall, Walls, WallVariant } from '../levels/walls.ts'
import type { ZeroGamma } from '../levels/zeroGamma.ts'

export interface SideTotals {
  readonly call: number | null
  readonly put: number | null
  readonly net: number | null
}

export interface ExposureAnalytics {
  /** Local gamma exposure, weighted by open interest. */
  readonly local: SideTotals
  /** The same repriced over a ±0.5 % move, bounded by contracts · multiplier · spot. */
  readonly finite: SideTotals
  /** Local, weighted by the session's volume. */
  readonly byVolume: SideTotals
  /** |call| + |put| of `local`. */
  readonly gross: number | null
  /** Net local exposure of strikes above and below spot; a strike at spot counts half to each. */
  readonly aboveSpot: number | null
  readonly belowSpot: number | null
}

/** Totals of one kind of exposure; a strike at spot counts half above and half below. */
export interface ExposureTotals extends Sides {
  readonly aboveSpot: number
  readonly belowSpot: number
}

export type TotalsByKind = Readonly<Record<ExposureKind, ExposureTotals>>

/** The part of the chain that settles on the exchange's date of today. */
export interface ZeroDteAnalytics {
  readonly expiries: number
  readonly contracts: number
  /** Of the unsigned local gamma of the whole chain. */
  readonly shareOfGamma: number | null
  readonly openInterest: Readonly<Record<ExposureKind, Sides>>
  readonly volume: Readonly<Record<ExposureKind, Sides>>
}

/** Columns of equal length, one entry per listed strike, ascending. */
export interface StrikeAnalytics {
  readonly strike: readonly number[]
  readonly callGex: readonly number[]
  readonly putGex: readonly number[]
  readonly netGex: readonly number[]
  readonly callOpenInterest: readonly number[]
  readonly putOpenInterest: readonly number[]
}

export interface ExpiryAnalytics {
  readonly expiryMs: number
  /** Calendar days to settlement, with fraction. */
  readonly dte: number
  readonly forward: number | null
  readonly discount: number | null
  readonly forwardSource: ForwardSource
  readonly discountSource: ForwardSource
  /** Inside the window over which settlement is averaged (AVG_SETTLE); null outside it. */
  readonly averaging: AveragingState | null
  readonly contracts: number
  readonly priced: number
  readonly callGex: number
  readonly putGex: number
  readonly netGex: number
  /** Net of every kind, weighted by open interest. */
  readonly exposures: Readonly<Record<ExposureKind, number>>
  readonly callOpenInterest: number
  readonly putOpenInterest: number
  readonly callVolume: number
  readonly putVolume: number
  /** Annualised, at the forward. */
  readonly atmVol: number | null
  readonly maxPain: number | null
}

export interface Coverage {
  readonly contracts: number
  /** Not yet settled. */
  readonly live: number
  readonly priced: number
  /** Open interest of priced contracts over open interest of live ones. */
  readonly openInterestPriced: number | null
  /** Live contracts whose spread is above max(5 increments, 25 % of mid): priced, but loosely. */
  readonly wideQuotes: number
  /** Live contracts by why they have, or have not, a volatility. */
  readonly volStatus: Readonly<Partial<Record<VolStatus, number>>>
}

export interface ChainAnalytics {
  readonly asOfMs: number
  readonly spot: number
  readonly signModel: SignModelId
  readonly methods: Readonly<Record<string, string>>
  readonly units: Readonly<Record<string, string>>
  readonly coverage: Coverage
  readonly exposure: ExposureAnalytics
  /** Every kind of exposure, weighted by open interest and by session volume; null when nothing is priced. */
  readonly exposures: { readonly openInterest: TotalsByKind; readonly volume: TotalsByKind } | null
  /** Null when nothing settles today, or nothing is priced. */
  readonly zeroDte: ZeroDteAnalytics | null
  /** Local gamma exposure under each dealer-sign model, null where the model does not apply. */
  readonly signModels: Readonly<Record<SignModelId, Sides | null>>
  /** |Σ sgn net| / n over the applicable of M1, M2, M4, M5, M6; null when nothing is priced. */
  readonly signAgreement: number | null
  readonly byStrike: StrikeAnalytics
  /** Live expiries, soonest first. */
  readonly byExpiry: readonly ExpiryAnalytics[]
  /** Net local exposure of all expiries at hypothetical spots, sticky strike. */
  readonly profile: { readonly spot: readonly number[]; readonly netGex: readonly number[] }
  readonly flips: Readonly<Record<ExpirySetId, ZeroGamma>>
  readonly walls: Readonly<Record<WallVariant, Walls>>
  readonly absoluteGamma: Wall | null
  /** Of the front expiry. */
  readonly magnetStrike: number | null
  readonly maxPainFront: number | null
  readonly putCallRatio: { readonly openInterest: number | null; readonly volume: number | null }
  readonly reasons: Readonly<Record<string, string>>
}

/** Method ids that do not depend on how the engine was asked. */
export const METHODS = {
  forward: 'forward.parity_wls@1',
  gex: 'gex.local@1',
  gexFinite: 'gex.finite_1pct@1',
  signAgreement: 'sign.agreement_m1_m2_m4_m5_m6@1',
  flip: 'flip.spot_ladder@1',
  wall: 'wall.side@1',
  absoluteGamma: 'wall.absolute_gamma@1',
  magnet: 'magnet.finite_gamma_front_2em@1',
  maxPain: 'max_pain.per_expiry@1',
  putCallRatio: 'pcr.live_contracts@1',
} as const

export const UNITS = {
  gex: 'currency per +1 % of spot',
  ...EXPOSURE_UNITS,
  vol: 'annualised fraction',
  openInterest: 'contracts',
  volume: 'contracts this session',
  dte: 'calendar days',
} as const
