import * as v from 'valibot'
import { FLOW_HORIZONS_MINUTES, FLOW_QUANTITIES } from '#quant/flow/decayedSums'

const nullableNumber = v.nullable(v.number())
/** `FlowState` as it stands in a checkpoint's text. */
export const FlowSchema = v.object({
  sessionDate: v.number(),
  contracts: v.number(),
  classifiedContracts: v.number(),
  premium: v.number(),
  rates: v.object({
    newestMs: nullableNumber,
    clockRestarted: v.boolean(),
    sums: v.pipe(v.array(v.number()), v.length(FLOW_QUANTITIES.length * FLOW_HORIZONS_MINUTES.length)),
  }),
  recent: v.array(
    v.object({
      contract: v.string(),
      price: v.number(),
      size: v.number(),
      eventMs: nullableNumber,
      signed: nullableNumber,
      premium: v.number(),
      value: v.nullable(v.object({ delta: v.number(), gamma: v.number(), vega: v.number() })),
    }),
  ),
})
