/** REST response models. Field meanings and units are those of the gamma frame. */
import * as v from 'valibot'
import { FEED_KINDS, FRESHNESS_STATES } from '../feed.ts'
import { FlipSchema, FLIP_STATUSES, GammaFrameSchema } from '../frame/gamma.ts'
import { TIERS } from '../tiers.ts'
import { envelope } from './envelope.ts'
import { ExposureGreeksEntries, NetByGreekSchema } from './exposureGreeks.ts'
import { columnsSchema } from './table.ts'

const nullableNumber = v.nullable(v.number())
const frame = GammaFrameSchema.entries

export const ExpiryExposureSchema = v.object({
  /** Settlement instant, ISO 8601 UTC. */
  expiry: v.string(),
  daysToExpiry: v.number(),
  contracts: v.number(),
  priced: v.number(),
  forward: nullableNumber,
  discount: nullableNumber,
  /** How the forward was found, e.g. `parity` or a fallback. */
  forwardSource: v.string(),
  callGex: nullableNumber,
  putGex: nullableNumber,
  netGex: nullableNumber,
  atmVol: nullableNumber,
  maxPain: nullableNumber,
})

export const ExposureSchema = envelope(
  v.object({
    spotPrice: frame.spotPrice,
    totalCallGex: frame.totalCallGex,
    totalPutGex: frame.totalPutGex,
    netGex: frame.netGex,
    netGexFinite: frame.netGexFinite,
    aboveSpotGex: frame.aboveSpotGex,
    belowSpotGex: frame.belowSpotGex,
    strikes: frame.strikes,
    profile: frame.profile,
    expiries: v.array(
      v.object({
        ...ExpiryExposureSchema.entries,
        /** Null when nothing of the expiry is priced. */
        greeks: v.nullable(NetByGreekSchema),
      }),
    ),
    ...ExposureGreeksEntries,
    reasons: frame.reasons,
  }),
)
export type ExpiryExposure = v.InferOutput<typeof ExpiryExposureSchema>
export type Exposure = v.InferOutput<typeof ExposureSchema>

export const StrikeRowSchema = v.object({
  strike: v.number(),
  callGex: v.number(),
  putGex: v.number(),
  netGex: v.number(),
})
export type StrikeRow = v.InferOutput<typeof StrikeRowSchema>

/** Exposure by strike, ascending, and nothing else. */
export const StrikesSchema = envelope(
  v.object({ spotPrice: frame.spotPrice, rows: v.array(StrikeRowSchema) }),
)
export const StrikesColumnsSchema = envelope(
  v.object({ spotPrice: frame.spotPrice, columns: columnsSchema(StrikeRowSchema) }),
)
export type Strikes = v.InferOutput<typeof StrikesSchema>

/** Net exposure through time, oldest first; columns of equal length. */
export const TimelineSchema = envelope(
  v.object({
    asOfMs: v.array(v.number()),
    spotPrice: v.array(nullableNumber),
    netGex: v.array(nullableNumber),
    nearestFlip: v.array(nullableNumber),
  }),
)
export type Timeline = v.InferOutput<typeof TimelineSchema>

export const LevelsSchema = envelope(
  v.object({
    spotPrice: frame.spotPrice,
    flips: v.array(FlipSchema),
    nearestFlip: frame.nearestFlip,
    flipStatus: v.picklist(FLIP_STATUSES),
    /** The same for expiries within 90 days and for the front expiry. */
    flipsWithin90Days: v.array(FlipSchema),
    flipsFrontExpiry: v.array(FlipSchema),
    callWall: frame.callWall,
    putWall: frame.putWall,
    absGammaStrike: frame.absGammaStrike,
    magnetStrike: frame.magnetStrike,
    /** ISO settlement instant → strike; null where there is no open interest. */
    maxPain: v.record(v.string(), nullableNumber),
    pcrOi: frame.pcrOi,
    pcrVolume: frame.pcrVolume,
    reasons: frame.reasons,
  }),
)
export type Levels = v.InferOutput<typeof LevelsSchema>

export const ChainRowSchema = v.object({
  /** OSI symbol without padding, e.g. `SPXW250904C06485000`. */
  contract: v.string(),
  expiry: v.string(),
  strike: v.number(),
  right: v.picklist(['call', 'put']),
  bid: nullableNumber,
  ask: nullableNumber,
  bidSize: v.number(),
  askSize: v.number(),
  /** Newest print, null without one. */
  last: nullableNumber,
  quoteAsOf: v.nullable(v.string()),
  openInterest: nullableNumber,
  volume: v.number(),
  vol: nullableNumber,
  /** Why `vol` is null. */
  volReason: v.nullable(v.string()),
  delta: nullableNumber,
  gamma: nullableNumber,
  vega: nullableNumber,
  theta: nullableNumber,
})
export type ChainRow = v.InferOutput<typeof ChainRowSchema>

const chainPage = {
  /** Hash of the whole chain state (all contracts, not only this page), hex. */
  stateHash: v.string(),
  /** Rows of all pages. */
  total: v.number(),
  /** What the caller's tier leaves out; null when everything is there. */
  depth: v.nullable(
    v.object({
      expiries: v.number(),
      ofExpiries: v.number(),
      strikesEachSide: v.number(),
      requiredTier: v.picklist(TIERS),
    }),
  ),
  /** Set where the caller's tier gets an older state of a live market; null for the newest. */
  delay: v.nullable(v.object({ atLeastMs: v.number(), requiredTier: v.picklist(TIERS) })),
  /** Pass as `cursor` for the next page; null on the last. */
  nextCursor: v.nullable(v.string()),
}
export const ChainSchema = envelope(v.object({ ...chainPage, rows: v.array(ChainRowSchema) }))
export const ChainColumnsSchema = envelope(v.object({ ...chainPage, columns: columnsSchema(ChainRowSchema) }))
export type ChainPage = v.InferOutput<typeof ChainSchema>

export const SymbolRowSchema = v.object({
  symbol: v.string(),
  name: v.string(),
  currency: v.string(),
  feed: v.picklist(FEED_KINDS),
  source: v.string(),
  lastSeen: v.string(),
})
export const SymbolsSchema = v.object({ data: v.array(SymbolRowSchema) })
export const SymbolsColumnsSchema = v.object({ data: columnsSchema(SymbolRowSchema) })
export type Symbols = v.InferOutput<typeof SymbolsSchema>

export const SnapshotRowSchema = v.object({
  /** Identifies the snapshot in `/v1/snapshots/{symbol}/{id}`. */
  id: v.string(),
  symbol: v.string(),
  asOf: v.string(),
  kind: v.picklist(['minute', 'close']),
  bytes: v.number(),
  spotPrice: nullableNumber,
  netGex: nullableNumber,
  nearestFlip: nullableNumber,
})
const nextCursor = v.nullable(v.string())
export const SnapshotListSchema = v.object({ data: v.array(SnapshotRowSchema), nextCursor })
export const SnapshotListColumnsSchema = v.object({ data: columnsSchema(SnapshotRowSchema), nextCursor })
export type SnapshotList = v.InferOutput<typeof SnapshotListSchema>

export const UsageSchema = v.object({
  data: v.object({
    caller: v.string(),
    tier: v.picklist(TIERS),
    /** UTC day the counts are for. */
    day: v.string(),
    calls: v.number(),
    /** What the calls cost, and how much a day may. */
    units: v.number(),
    unitsPerDay: v.number(),
    /** Calls. */
    byRoute: v.record(v.string(), v.number()),
  }),
})
export type Usage = v.InferOutput<typeof UsageSchema>

export const DailyUsageRowSchema = v.object({
  /** UTC. */
  day: v.string(),
  route: v.string(),
  /** Id of the API key; null for calls with a token. */
  key: v.nullable(v.string()),
  calls: v.number(),
  units: v.number(),
})
export type DailyUsageRow = v.InferOutput<typeof DailyUsageRowSchema>

export const DailyUsageSchema = v.object({
  data: v.array(DailyUsageRowSchema),
  nextCursor: v.nullable(v.string()),
})
export const DailyUsageColumnsSchema = v.object({
  data: columnsSchema(DailyUsageRowSchema),
  nextCursor: v.nullable(v.string()),
})
export type DailyUsage = v.InferOutput<typeof DailyUsageSchema>

export const HealthSchema = v.object({
  status: v.picklist(['ok', 'degraded']),
  version: v.string(),
  time: v.string(),
  symbols: v.array(
    v.object({
      symbol: v.string(),
      feed: v.picklist(FEED_KINDS),
      freshness: v.picklist(FRESHNESS_STATES),
      lastSeen: v.string(),
    }),
  ),
  checks: v.record(v.string(), v.string()),
})
export type Health = v.InferOutput<typeof HealthSchema>
