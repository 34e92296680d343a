import { measureAll, signInputs, type Engine } from '../analytics/engine.ts'
import { whyUnpriced } from '../analytics/unpriced.ts'
import { EXPOSURE_KINDS, type ExposureKind } from './exposureKinds.ts'
import { addRows, createExposureTable, sidesOf, type ExposureInputs, type Sides } from './exposureTable.ts'
import { notApplicable, SIGN_MODEL_IDS, type SignModelId } from './signModel.ts'
import { flowTable, isFlowModel, signUnsigned } from './signTotals.ts'

/** Kinds a dealer sign is put on: all but the unsigned mass. */
export type SignedKind = Exclude<ExposureKind, 'gammaMass'>
export type SidesByKind = Readonly<Record<SignedKind, Sides>>

/** Weighted by open interest; a model that does not apply is null, and `reasons` says why. */
export interface ExposuresBySignModel {
  readonly totals: Readonly<Record<SignModelId, SidesByKind | null>>
  readonly reasons: Readonly<Partial<Record<SignModelId, string>>>
}

const SIGNED_KINDS = EXPOSURE_KINDS.filter((kind): kind is SignedKind => kind !== 'gammaMass')

/**
 * Totals of gamma (local and finite), delta, vanna, charm, vega and theta of a repriced engine under every sign model,
 * whatever model the engine itself uses. One pass without signs serves all but the flow models, which take one each.
 * Under M0 a side is what all its open contracts have together.
 */
export function exposuresBySignModel(engine: Engine): ExposuresBySignModel {
  if (!engine.isMeasured) measureAll(engine)
  const unpriced = whyUnpriced(engine)
  const { chain, spot, measure } = engine
  const { contracts } = measure.openInterest.positions
  const inputs: ExposureInputs = { chain, spot, deltaChange: measure.deltaChange }
  const signs = signInputs(engine)
  const unsigned = createExposureTable(chain)
  addRows(unsigned, inputs, { contracts, signed: contracts }, 0, chain.count)
  const totals = {} as Record<SignModelId, SidesByKind | null>
  const reasons: Partial<Record<SignModelId, string>> = {}
  for (const model of SIGN_MODEL_IDS) {
    const reason = unpriced ?? notApplicable(model, signs)
    totals[model] = null
    if (reason !== null) reasons[model] = reason
    else if (isFlowModel(model)) {
      const flow = flowTable(model, inputs, signs)
      totals[model] = byKind((kind) => sidesOf(flow, kind))
    } else totals[model] = byKind((kind) => signUnsigned(unsigned, kind, model, signs.skewSigns))
  }
  return { totals, reasons }
}

function byKind(of: (kind: SignedKind) => Sides): SidesByKind {
  const record = {} as Record<SignedKind, Sides>
  for (const kind of SIGNED_KINDS) record[kind] = of(kind)
  return record
}
