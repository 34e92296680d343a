import { toExactGrid } from './exactSum.ts'
import {
  addRows,
  clearTable,
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
const VOTING: readonly SignModelId[] = ['M1', 'M2', 'M4', 'M5', 'M6']

/**
 * Totals under every model. All but the flow models weigh whole expiries or the whole chain, so they are read off the
 * unsigned gamma by expiry that `table` already holds; flow takes a pass of its own, made only when there is flow.
 */
export function signTotals(table: ExposureTable, inputs: ExposureInputs, signs: SignInputs): SignTotals {
  const totals = {} as Record<SignModelId, Sides | null>
  const reasons: Partial<Record<SignModelId, string>> = {}
  const mass = sidesOf(table, 'gammaMass')
  for (const model of SIGN_MODEL_IDS) {
    const reason = notApplicable(model, signs)
    const fixed = FIXED_SIGNS[model]
    if (reason !== null) {
      totals[model] = null
      reasons[model] = reason
    } else if (fixed !== undefined) totals[model] = sides(fixed.call * mass.call, fixed.put * mass.put)
    else if (model === 'M6') totals[model] = sides(skewedCalls(table, signs.skewSigns), -mass.put)
    else totals[model] = flowTotals(model, inputs, signs)
  }
  const votes = VOTING.map((model) => totals[model]).filter((total) => total !== null)
  const sum = votes.reduce((all, { net }) => all + Math.sign(net), 0)
  return { totals, agreement: Math.abs(sum) / votes.length, reasons }
}

function sides(call: number, put: number): Sides {
  // Adding 0 turns a −0 of an empty side into 0.
  return { call: call + 0, put: put + 0, net: call + put + 0 }
}

function skewedCalls({ byExpiry }: ExposureTable, skewSigns: Float64Array): number {
  let calls = 0
  for (let e = 0; e < skewSigns.length; e++)
    calls += toExactGrid(callWeight(skewSigns[e] as number) * figure(byExpiry, e, 'gammaMass', 'call'))
  return calls
}

function flowTotals(model: SignModelId, inputs: ExposureInputs, signs: SignInputs): Sides {
  const { chain } = inputs
  const positions = createPositions(chain.count)
  const table = createExposureTable(chain)
  fillPositions(model, signs, chain.openInterest, positions)
  clearTable(table)
  addRows(table, inputs, positions, 0, chain.count)
  return sidesOf(table, 'gamma')
}
