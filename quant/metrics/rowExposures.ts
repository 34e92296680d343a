import { toExactGrid } from '../exposure/exactSum.ts'
import type { ExposureKind } from '../exposure/exposureKinds.ts'
import { addRows, createExposureTable, figure, type Positions, type Side } from '../exposure/exposureTable.ts'
import { sumOf, type Contribution, type Contributions } from './evidence.ts'
import type { MarketView } from './marketView.ts'

export interface RowFilter {
  readonly positions?: Positions
  readonly side?: Side | undefined
  /** 1: strikes above spot, −1: below. A strike at spot counts half. */
  readonly aroundSpot?: 1 | -1 | undefined
  readonly from?: number
  readonly to?: number
}

/** One kind of exposure of each contract, exactly as it enters the sums; 0 for rows filtered out. */
export function exposureByRow(
  { engine }: MarketView,
  kind: ExposureKind,
  { positions, side, aroundSpot, from = 0, to = engine.chain.count }: RowFilter = {},
): Float64Array {
  const { chain, spot, measure } = engine
  const held = positions ?? measure.openInterest.positions
  const inputs = { chain, spot, deltaChange: measure.deltaChange }
  const amounts = new Float64Array(chain.count)
  const table = createExposureTable(chain)
  for (let row = from; row < to; row++) {
    const here: Side = (chain.callSign[row] as number) > 0 ? 'call' : 'put'
    if (side !== undefined && side !== here) continue
    addRows(table, inputs, held, row, row + 1)
    const k = chain.strikeIndex[row] as number
    amounts[row] =
      figure(table.byStrike, k, kind, here) * shareAround(chain.strikes[k] as number, spot, aroundSpot)
    addRows(table, inputs, held, row, row + 1, -1)
  }
  return amounts
}

function shareAround(strike: number, spot: number, around: 1 | -1 | undefined): number {
  if (around === undefined) return 1
  if (strike === spot) return 0.5
  return strike > spot === around > 0 ? 1 : 0
}

/** Contracts by how much each adds to a sum, with what it was computed from. */
export function exposureContributions(
  view: MarketView,
  amounts: Float64Array,
  unit: string,
  positions: Positions = view.engine.measure.openInterest.positions,
): Contributions {
  return sumOf(unit, amounts, (row) => contractInputs(view, row, positions))
}

/** A contract's name and the figures its exposures come from. */
export function contractInputs(
  view: MarketView,
  row: number,
  { signed }: Positions = view.engine.measure.openInterest.positions,
): Omit<Contribution, 'amount'> {
  const { chain, asOfMs } = view.engine
  const quotedMs = view.quoteMs?.[row] ?? Number.NaN
  // Adding 0 turns the −0 of an empty short position into 0.
  const known = (value: number | undefined): number | null =>
    value !== undefined && Number.isFinite(value) ? value + 0 : null
  return {
    name: view.contractName(row),
    inputs: {
      price: known(chain.price[row]),
      halfSpread: known(chain.halfSpread[row]),
      vol: known(chain.vol[row]),
      delta: known(chain.delta[row]),
      gamma: known(chain.gamma[row]),
      openInterest: known(chain.openInterest[row]),
      volume: known(chain.volume[row]),
      signedContracts: known(signed[row]),
      multiplier: known(chain.multiplier[row]),
      quoteAgeMs: known(asOfMs - quotedMs),
    },
  }
}

/** By strike or by expiry instead: amounts of contracts added up. */
export function groupRows(amounts: Float64Array, indexOf: ArrayLike<number>, groups: number): Float64Array {
  const sums = new Float64Array(groups)
  for (let row = 0; row < amounts.length; row++) {
    const group = indexOf[row] as number
    sums[group] = (sums[group] as number) + toExactGrid(amounts[row] as number)
  }
  return sums
}
