/** Messages of `/ws/greeks/{symbol}`: one per contract whose figures changed, and the put-call ratio of all contracts. */
import * as v from 'valibot'

const nullableNumber = v.nullable(v.number())

export const GreeksUpdateSchema = v.object({
  type: v.literal('greeks_update'),
  data: v.object({
    /** OSI symbol of the contract. */
    instrumentKey: v.string(),
    /** Of the underlying. */
    symbol: v.string(),
    strike: v.number(),
    /** Call or put, as Indian exchanges write it. */
    optionType: v.picklist(['CE', 'PE']),
    /** Listed expiry date, `YYYY-MM-DD`. */
    expiry: v.string(),
    /** Of the last trade. */
    price: nullableNumber,
    oi: nullableNumber,
    /** Implied volatility as a fraction per year. */
    iv: nullableNumber,
    greeks: v.object({
      delta: nullableNumber,
      gamma: nullableNumber,
      /** Per calendar day. */
      theta: nullableNumber,
      /** Per volatility point. */
      vega: nullableNumber,
      /** Per percentage point of the interest rate. */
      rho: nullableNumber,
    }),
    /** Market time, UTC ms. */
    timestamp: v.number(),
  }),
})
export type GreeksUpdate = v.InferOutput<typeof GreeksUpdateSchema>

export const PcrUpdateSchema = v.object({
  type: v.literal('pcr_update'),
  data: v.object({
    /** Open interest of puts over calls; null without any of calls. */
    pcr: nullableNumber,
    totalCeOi: v.number(),
    totalPeOi: v.number(),
  }),
})
export type PcrUpdate = v.InferOutput<typeof PcrUpdateSchema>
