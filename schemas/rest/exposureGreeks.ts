/**
 * Every kind of exposure, what settles today, and net gamma under each dealer-sign model. Amounts are in the currency
 * of `meta.currency`, signed under `meta.model`; `units` says per what.
 */
import * as v from 'valibot'

const nullableNumber = v.nullable(v.number())

export const EXPOSURE_GREEKS = ['gamma', 'gammaFinite', 'delta', 'vanna', 'charm', 'vega', 'theta'] as const
export type ExposureGreek = (typeof EXPOSURE_GREEKS)[number]

export const SIGN_MODEL_IDS = ['M0', 'M1', 'M2', 'M3', 'M4', 'M5', 'M6'] as const

/** The same thing for each greek. */
function byGreek<T extends v.GenericSchema>(schema: T) {
  return v.object({
    gamma: schema,
    gammaFinite: schema,
    delta: schema,
    vanna: schema,
    charm: schema,
    vega: schema,
    theta: schema,
  })
}

const sides = { call: v.number(), put: v.number(), net: v.number() }
const SidesByGreekSchema = byGreek(v.object(sides))
/** A strike at spot counts half above and half below. */
const TotalsByGreekSchema = byGreek(v.object({ ...sides, aboveSpot: v.number(), belowSpot: v.number() }))
/** Of one expiry, weighted by open interest. */
export const NetByGreekSchema = byGreek(v.number())

const signModel = {
  title: v.string(),
  callGex: nullableNumber,
  putGex: nullableNumber,
  /** Of M0, which has no sign: all gamma there is. */
  netGex: nullableNumber,
  /** Why the model does not apply; null when it does. */
  reason: v.nullable(v.string()),
}

export const ExposureGreeksEntries = {
  /** Null, with `reasons.greeks`, when nothing is priced. */
  greeks: v.nullable(
    v.object({
      /** E.g. `USD per +1 volatility point`. */
      units: byGreek(v.string()),
      openInterest: TotalsByGreekSchema,
      /** Weighted by the contracts traded this session. */
      volume: TotalsByGreekSchema,
    }),
  ),
  /** What settles on the exchange's date of today; null, with `reasons.zeroDte`, when nothing does. */
  zeroDte: v.nullable(
    v.object({
      expiries: v.number(),
      contracts: v.number(),
      /** Of the unsigned gamma of the whole chain. */
      shareOfGamma: nullableNumber,
      openInterest: SidesByGreekSchema,
      volume: SidesByGreekSchema,
    }),
  ),
  signModels: v.array(v.object({ id: v.picklist(SIGN_MODEL_IDS), ...signModel })),
  /** |Σ sgn netGex| / n over the applicable of M1, M2, M4, M5, M6: 1 when all give one sign. */
  signAgreement: nullableNumber,
} as const

const ExposureGreeksSchema = v.object(ExposureGreeksEntries)
export type ExposureGreeks = v.InferOutput<typeof ExposureGreeksSchema>
export type NetByGreek = v.InferOutput<typeof NetByGreekSchema>
