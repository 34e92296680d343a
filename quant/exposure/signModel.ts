import type { Chain } from '../chain/chain.ts'
import type { Positions } from './exposureTable.ts'

/**
 * Who is on the other side is an assumption, so it is a weight vector and nothing else: every model fills signed
 * contracts per row, and exposures, profile and flips follow from the weights alone.
 */
export const SIGN_MODELS = {
  M0: 'unsigned gamma mass, whoever holds it',
  M1: 'naive: dealers long calls, short puts',
  M2: 'dealers short everything',
  M3: 'inverse of naive, which some vendors print',
  M4: "today's flow: dealers hold the other side of what customers bought and sold",
  M5: 'naive on open interest moved by the share of flow that opens positions',
  M6: 'naive with the calls weighed by what the skew says of them',
} as const
export type SignModelId = keyof typeof SIGN_MODELS
export const SIGN_MODEL_IDS = Object.keys(SIGN_MODELS) as SignModelId[]

/** Sign of calls and of puts where one sign serves the whole chain. */
export const FIXED_SIGNS: Readonly<Partial<Record<SignModelId, { call: 1 | -1; put: 1 | -1 }>>> = {
  M0: { call: 1, put: 1 },
  M1: { call: 1, put: -1 },
  M2: { call: -1, put: -1 },
  M3: { call: -1, put: 1 },
}

/** What the models beyond M3 need. */
export interface SignInputs {
  readonly chain: Chain
  /** Per row: contracts customers bought minus sold today, NaN when unknown. */
  readonly signedFlow: Float64Array
  /**
   * Share of signed flow that opens positions (κ): open interest is a day old, and this much of today's flow is added to
   * it. One figure for a whole chain is crude; FlashAlpha documents 0.43, and next morning's open interest is the judge.
   */
  readonly openingShare: number
  /** Per expiry (`skewSign.ts`), NaN when unknown. */
  readonly skewSigns: Float64Array
}

/** Why a model cannot be applied to a chain, or null. */
export function notApplicable(
  model: SignModelId,
  { signedFlow, skewSigns }: Pick<SignInputs, 'signedFlow' | 'skewSigns'>,
): string | null {
  if ((model === 'M4' || model === 'M5') && isUnknown(signedFlow)) return 'no signed flow'
  if (model === 'M6' && isUnknown(skewSigns)) return 'no expiry has a 25-delta skew'
  return null
}

function isUnknown(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) return false
  return true
}

/**
 * Fills positions of rows [from, to) from a count per row (open interest or session volume): `contracts` is the count, 0 when unknown,
 * `signed` what dealers hold under the model. M4 is about flow alone, so the count does not enter it.
 */
export function fillPositions(
  model: SignModelId,
  inputs: SignInputs,
  counts: Float64Array,
  { contracts, signed }: Positions,
  from = 0,
  to = counts.length,
): void {
  const { callSign } = inputs.chain
  const fixed = FIXED_SIGNS[model]
  if (fixed === undefined) {
    for (let row = from; row < to; row++) {
      const count = known(counts[row] as number)
      contracts[row] = count
      signed[row] = signedByRow(model, inputs, row, count)
    }
    return
  }
  const { call, put } = fixed
  for (let row = from; row < to; row++) {
    const count = known(counts[row] as number)
    contracts[row] = count
    signed[row] = ((callSign[row] as number) > 0 ? call : put) * count
  }
}

/** A count that is not known weighs nothing. */
function known(count: number): number {
  return count > 0 ? count : 0
}

function signedByRow(
  model: SignModelId,
  { chain, signedFlow, openingShare, skewSigns }: SignInputs,
  row: number,
  count: number,
): number {
  const isCall = (chain.callSign[row] as number) > 0
  const flow = signedFlow[row] as number
  const bought = flow === flow ? flow : 0
  if (model === 'M4') return -bought
  if (model === 'M5') return Math.max(0, count + openingShare * bought) * (isCall ? 1 : -1)
  return count * (isCall ? callWeight(skewSigns[chain.expiryIndex[row] as number] as number) : -1)
}

/** An expiry whose skew is unknown keeps the naive sign. */
export function callWeight(skewSign: number): number {
  return skewSign === skewSign ? skewSign : 1
}
