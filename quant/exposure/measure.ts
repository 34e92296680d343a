import type { Chain } from '../chain/chain.ts'
import {
  addRows,
  clearTable,
  createExposureTable,
  createPositions,
  type ExposureTable,
  type Positions,
} from './exposureTable.ts'
import { finiteDeltaChange } from './finiteMove.ts'
import { fillPositions, type SignInputs, type SignModelId } from './signModel.ts'

/** A count of contracts and every exposure weighted by it. */
export interface Weighted {
  readonly positions: Positions
  readonly table: ExposureTable
}

/** Every exposure of a chain, in buffers that live as long as the chain. */
export interface ExposureMeasure {
  readonly openInterest: Weighted
  /** The same by contracts traded this session: what today's trading alone would weigh. */
  readonly volume: Weighted
  /** Per row, `finiteMove.ts`. */
  readonly deltaChange: Float64Array
  /** Per expiry, `skewSign.ts`, as of the last full measure. */
  readonly skewSigns: Float64Array
}

export function createExposureMeasure(chain: Chain): ExposureMeasure {
  const weighted = (): Weighted => ({
    positions: createPositions(chain.count),
    table: createExposureTable(chain),
  })
  return {
    openInterest: weighted(),
    volume: weighted(),
    deltaChange: new Float64Array(chain.count),
    skewSigns: new Float64Array(chain.expiryCount),
  }
}

/** Reads the counts of rows [from, to) into positions under a sign model. */
export function weighExposures(
  { openInterest, volume }: ExposureMeasure,
  model: SignModelId,
  signs: SignInputs,
  from = 0,
  to = signs.chain.count,
): void {
  const { chain } = signs
  fillPositions(model, signs, chain.openInterest, openInterest.positions, from, to)
  fillPositions(model, signs, chain.volume, volume.positions, from, to)
}

/** Sums every exposure anew from the chain's greeks at `spot`. */
export function measureExposures(measure: ExposureMeasure, chain: Chain, spot: number): void {
  clearTable(measure.openInterest.table)
  clearTable(measure.volume.table)
  finiteDeltaChange(chain, spot, measure.deltaChange)
  addToMeasure(measure, chain, spot, 0, chain.count, 1)
}

/** Adds rows [from, to) to every sum, or with `direction` −1 takes them out. */
export function addToMeasure(
  measure: ExposureMeasure,
  chain: Chain,
  spot: number,
  from: number,
  to: number,
  direction: 1 | -1,
): void {
  const inputs = { chain, spot, deltaChange: measure.deltaChange }
  addRows(measure.openInterest.table, inputs, measure.openInterest.positions, from, to, direction)
  addRows(measure.volume.table, inputs, measure.volume.positions, from, to, direction)
}
