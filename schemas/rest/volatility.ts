/**
 * `GET /v1/volatility/{symbol}`. Volatilities are annualised fractions (0.2 is 20 %); differences of volatilities are in
 * vol points (0.01 of volatility) and named so. `skew25` is put less call, the risk reversal its negative.
 */
import * as v from 'valibot'
import { GammaFrameSchema } from '../frame/gamma.ts'
import { envelope } from './envelope.ts'

const nullableNumber = v.nullable(v.number())
/** Null when the figures beside it are there. */
const reason = v.nullable(v.string())

const skew = {
  skew25VolPts: nullableNumber,
  riskReversal25VolPts: nullableNumber,
  /** Mean of the 25-delta volatilities less that at the forward. */
  butterfly25VolPts: nullableNumber,
}

export const ExpiryVolatilitySchema = v.object({
  /** Settlement instant, ISO 8601 UTC. */
  expiry: v.string(),
  /** Calendar days to settlement, with fraction. */
  days: v.number(),
  forward: v.number(),
  /** At the forward. */
  atmVol: nullableNumber,
  ...skew,
  fit: v.nullable(
    v.object({
      model: v.string(),
      rowsQuoted: v.number(),
      rowsFitted: v.number(),
      /** Root mean square of fitted less quoted volatility. */
      rmseVolPts: v.number(),
      /** Share of fitted strikes whose fitted volatility lies between bid and ask. */
      insideSpread: nullableNumber,
    }),
  ),
  /** `ARB_BUTTERFLY`, `ARB_CALENDAR`, `POOR_FIT`, `FALLBACK_QUADRATIC`, `NO_QUOTES`. */
  flags: v.array(v.string()),
  /** Why there is no smile, or no skew on it. */
  reason,
})
export type ExpiryVolatility = v.InferOutput<typeof ExpiryVolatilitySchema>

export const ExpectedMoveSchema = v.object({
  /** Either way, in the currency of the underlying. */
  move: nullableNumber,
  /** The same over the forward. */
  moveShare: nullableNumber,
  /** Probability that a normal settlement stays within it. */
  coverage: v.number(),
  reason,
})
export type ExpectedMove = v.InferOutput<typeof ExpectedMoveSchema>

export const VolatilitySchema = envelope(
  v.object({
    spotPrice: GammaFrameSchema.entries.spotPrice,
    /** Market time the smiles are of, some seconds before the rest at most; null without any. */
    fittedAsOf: v.nullable(v.string()),
    /** Live expiries, soonest first. */
    expiries: v.array(ExpiryVolatilitySchema),
    /** Of the first four live expiries. */
    expectedMoves: v.array(
      v.object({
        expiry: v.string(),
        days: v.number(),
        forward: v.number(),
        /** The at-the-forward straddle: the mean absolute move. */
        straddle: ExpectedMoveSchema,
        /** √(π/2) straddles: one standard deviation. */
        oneSigmaByStraddle: ExpectedMoveSchema,
        /** F·σ·√T at the fitted volatility. */
        oneSigmaByVol: ExpectedMoveSchema,
      }),
    ),
    /** Columns of equal length, one place per expiry with a smile, soonest first. */
    termStructure: v.object({
      expiry: v.array(v.string()),
      days: v.array(v.number()),
      atmVol: v.array(v.number()),
      /** Between this settlement and the nearest earlier one at least half a day before. */
      forwardVol: v.array(nullableNumber),
      /** `no_earlier_settlement`, or `calendar_arbitrage`: total variance falls between the two. */
      forwardVolReason: v.array(reason),
    }),
    /** Far less near volatility at the forward; positive is contango. */
    slope7To30VolPts: nullableNumber,
    slope30To90VolPts: nullableNumber,
    /** Interpolated, never extrapolated: 7, 30, 60 and 90 calendar days. */
    constantMaturities: v.array(v.object({ days: v.number(), atmVol: nullableNumber, ...skew, reason })),
    /** Vega-weighted put less call volatility at equal delta, over all expiries. */
    averageSkewVolPts: nullableNumber,
    methods: v.record(v.string(), v.string()),
    units: v.record(v.string(), v.string()),
    /** Why a figure of this object, not of one of its lists, is null or empty. */
    reasons: v.record(v.string(), v.string()),
  }),
)
export type Volatility = v.InferOutput<typeof VolatilitySchema>
