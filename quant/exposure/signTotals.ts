import { toExactGrid } from './exactSum.ts'
import type { ExposureKind } from './exposureKinds.ts'
import {
  addRows,
  createExposureTable,
  createPositions,
  figure,
  sidesOf,
  type ExposureInputs,
  type ExposureTable,
  type Sides,
} from './exposureTable.ts'
import {
  callWeight,
  fillPositions,
  FIXED_SIGNS,
  notApplicable,
  SIGN_MODEL_IDS,
  type SignInputs,
  type SignModelId,
} from './signModel.ts'

/** Local gamma exposure under each model, null where a model does not apply; `reasons` says why. */
export interface SignTotals {
  readonly totals: Readonly<Record<SignModelId, Sides | null>>
  /** |Σ sgn net| / n over the applicable of M1, M2, M4, M5, M6: 1 when every assumption gives the same sign. */
  readonly agreement: number
  readonly reasons: Readonly<Partial<Record<SignModelId, string>>>
}

/** M0 has no sign to agree with, and M3 would cancel M1. */
export const VOTING_MODELS: readonly SignModelId[] = ['M1', 'M2', 'M4', 'M5', 'M6']

/**
 * Totals under every model. All but the flow models weigh whole expiries or the whole chain, so they are read off the
 * unsigned gamma by expiry that `table` already holds; flow takes a pass of its own, made only when there is flow.
 */
export function signTotals(table: ExposureTable, inputs: ExposureInputs, signs: SignInputs): SignTotals {
  const totals = {} as Record<SignModelId, Sides | null>
  const reasons: Partial<Record<SignModelId, string>> = {}
  for (const model of SIGN_MODEL_IDS) {
    const reason = notApplicable(model, signs)
    totals[model] = null
    if (reason !== null) reasons[model] = reason
    else if (isFlowModel(model)) totals[model] = sidesOf(flowTable(model, inputs, signs), 'gamma')
    else totals[model] = signUnsigned(table, 'gammaMass', model, signs.skewSigns)
  }
  const votes = VOTING_MODELS.map((model) => totals[model]).filter((total) => total !== null)
  const sum = votes.reduce((all, { net }) => all + Math.sign(net), 0)
  return { totals, agreement: Math.abs(sum) / votes.length, reasons }
}

/** No model has a total, for one reason: a sum over nothing that is priced is not 0. */
export function noSignTotals(reason: string): SignTotals {
  const forEach = <T>(value: T) =>
    Object.fromEntries(SIGN_MODEL_IDS.map((model) => [model, value])) as Record<SignModelId, T>
  return { totals: forEach(null), agreement: Number.NaN, reasons: forEach(reason) }
}

/** Whether a model holds positions of its own in every row, not the same sign throughout an expiry. */
export function isFlowModel(model: SignModelId): boolean {
  return model === 'M4' || model === 'M5'
}

/** What a kind summed without signs comes to under a model that signs whole expiries. */
export function signUnsigned(
  table: ExposureTable,
  kind: ExposureKind,
  model: SignModelId,
  skewSigns: Float64Array,
): Sides {
  const fixed = FIXED_SIGNS[model]
  const unsigned = sidesOf(table, kind)
  if (fixed !== undefined) return sides(fixed.call * unsigned.call, fixed.put * unsigned.put)
  return sides(skewedCalls(table, kind, skewSigns), -unsigned.put)
}

function sides(call: number, put: number): Sides {
  // Adding 0 turns a −0 of an empty side into 0.
  return { call: call + 0, put: put + 0, net: call + put + 0 }
}

function skewedCalls({ byExpiry }: ExposureTable, kind: ExposureKind, skewSigns: Float64Array): number {
  let calls = 0
  for (let e = 0; e < skewSigns.length; e++)
    calls += toExactGrid(callWeight(skewSigns[e] as number) * figure(byExpiry, e, kind, 'call'))
  return calls
}

/** Every kind under a flow model, weighted by open interest. */
export function flowTable(model: SignModelId, inputs: ExposureInputs, signs: SignInputs): ExposureTable {
  const { chain } = inputs
  const positions = createPositions(chain.count)
  const table = createExposureTable(chain)
  fillPositions(model, signs, chain.openInterest, positions)
  addRows(table, inputs, positions, 0, chain.count)
  return table
}
