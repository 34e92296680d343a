/**
 * The gamma-compact frame: one symbol's dealer-gamma picture at one instant, pushed on every cycle and answered by
 * REST. The first eight fields of `totals` keep the names that clients of the path already read.
 *
 * Units: every `…Gex` is quote currency per 1 % move of the underlying (`unit` says which currency), signed by the
 * dealer-sign model named in `model`; prices and strikes are points of the underlying; ratios are pure numbers.
 * A number that cannot be computed is null and `reasons` says why, keyed by field name.
 */
import * as v from 'valibot'
import { FEED_KINDS, FRESHNESS_STATES, QUALITY_FLAGS } from '../feed.ts'
import { FrameWindowsSchema } from './windows.ts'

export const FRAME_VERSION = 1
export const FLIP_STATUSES = ['resolved', 'one_signed', 'edge', 'noise_floor', 'stale', 'no_data'] as const
export type FlipStatus = (typeof FLIP_STATUSES)[number]

const nullableNumber = v.nullable(v.number())

export const FrameQualitySchema = v.object({
  freshness: v.picklist(FRESHNESS_STATES),
  flags: v.array(v.picklist(QUALITY_FLAGS)),
  /** Contracts known, and of those priced with an implied volatility. */
  contracts: v.number(),
  priced: v.number(),
  /** Share of open interest that is priced, 0-1; null without open interest. */
  openInterestCoverage: nullableNumber,
})

export const FlipSchema = v.object({
  price: v.number(),
  /** Change of net gamma exposure per one point of spot at the crossing. */
  slope: v.number(),
})

export const GammaFrameSchema = v.object({
  v: v.literal(FRAME_VERSION),
  type: v.literal('gamma'),
  symbol: v.string(),
  /** Stream position. `epoch` changes when the object restarts its stream; `previous` is 0 on the first frame. */
  epoch: v.number(),
  sequence: v.number(),
  previous: v.number(),
  /** Market time of the newest input, and our clock at publication (UTC ms). */
  asOfMs: v.number(),
  publishedMs: v.number(),
  feed: v.picklist(FEED_KINDS),
  source: v.string(),
  /** ISO 4217 quote currency; every exposure below is in it, per 1 % move. */
  currency: v.string(),
  model: v.string(),
  method: v.string(),
  quality: FrameQualitySchema,

  totalCallGex: nullableNumber,
  totalPutGex: nullableNumber,
  netGex: nullableNumber,
  aboveSpotGex: nullableNumber,
  belowSpotGex: nullableNumber,
  magnetStrike: nullableNumber,
  spotPrice: nullableNumber,
  distanceToMagnet: nullableNumber,

  /** Net exposure by repricing a 1 % move, bounded by what can be hedged; differs from netGex near expiry. */
  netGexFinite: nullableNumber,
  /** Nearest to spot first. */
  flips: v.array(FlipSchema),
  nearestFlip: nullableNumber,
  flipStatus: v.picklist(FLIP_STATUSES),
  callWall: nullableNumber,
  putWall: nullableNumber,
  absGammaStrike: nullableNumber,
  /** Max pain of the front expiry. */
  maxPain: nullableNumber,
  /** Settlement instant of the front expiry. */
  frontExpiryMs: nullableNumber,
  pcrOi: nullableNumber,
  pcrVolume: nullableNumber,

  /** Per strike, ascending, whole currency units; columns of equal length. */
  strikes: v.object({
    strike: v.array(v.number()),
    callGex: v.array(v.number()),
    putGex: v.array(v.number()),
  }),
  /** Net exposure the book would have at other spots (sticky strike). */
  profile: v.object({ spot: v.array(v.number()), netGex: v.array(v.number()) }),
  /** Null until they have been computed once. Frames recorded before there were any have none. */
  windows: v.optional(v.nullable(FrameWindowsSchema), null),
  /** Field name → why it is null. */
  reasons: v.record(v.string(), v.string()),
})
export type GammaFrame = v.InferOutput<typeof GammaFrameSchema>

/** Nullable scalars of the frame in wire order, shared by the binary codec and its tests. */
export const FRAME_SCALARS = [
  'totalCallGex',
  'totalPutGex',
  'netGex',
  'aboveSpotGex',
  'belowSpotGex',
  'magnetStrike',
  'spotPrice',
  'distanceToMagnet',
  'netGexFinite',
  'nearestFlip',
  'callWall',
  'putWall',
  'absGammaStrike',
  'maxPain',
  'frontExpiryMs',
  'pcrOi',
  'pcrVolume',
] as const satisfies readonly (keyof GammaFrame)[]
