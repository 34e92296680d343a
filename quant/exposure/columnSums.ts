import type { Chain } from '../chain/chain.ts'
import { bounded, toExactGrid } from './exactSum.ts'
import type { Sides } from './exposureTable.ts'

/** Calls and puts apart, by strike (as `chain.strikes`) or by expiry (as `chain.expiryMs`). */
export interface SideColumns {
  readonly call: Float64Array
  readonly put: Float64Array
}

/** One figure per row, summed by strike and by expiry on the exact grid: both ways give one total, bit for bit. */
export interface ColumnSums {
  readonly byStrike: SideColumns
  readonly byExpiry: SideColumns
}

/**
 * Sums `amounts`, in currency per row. For figures computed when asked for; `exposureTable.ts` keeps those of every tick.
 * A row whose amount is NaN adds nothing.
 */
export function sumColumn(chain: Chain, amounts: Float64Array): ColumnSums {
  const { callSign, strikeIndex, expiryIndex } = chain
  const byStrike = sideColumns(chain.strikeCount)
  const byExpiry = sideColumns(chain.expiryCount)
  for (let row = 0; row < amounts.length; row++) {
    const amount = toExactGrid(bounded(amounts[row] as number))
    if (amount !== amount) continue
    const side = (callSign[row] as number) > 0 ? 'call' : 'put'
    const k = strikeIndex[row] as number
    const e = expiryIndex[row] as number
    byStrike[side][k] = (byStrike[side][k] as number) + amount
    byExpiry[side][e] = (byExpiry[side][e] as number) + amount
  }
  return { byStrike, byExpiry }
}

function sideColumns(length: number): SideColumns {
  return { call: new Float64Array(length), put: new Float64Array(length) }
}

/** Totals over entries [from, to), by default all. */
export function sidesOfColumns({ call, put }: SideColumns, from = 0, to = call.length): Sides {
  const sum = (column: Float64Array): number => {
    let total = 0
    for (let i = from; i < to; i++) total += column[i] as number
    return total
  }
  const calls = sum(call)
  const puts = sum(put)
  return { call: calls, put: puts, net: calls + puts }
}

/** Net above and below spot; a strike exactly at spot counts half to each. */
export function columnsAroundSpot(
  { call, put }: SideColumns,
  strikes: Float64Array,
  spot: number,
): { aboveSpot: number; belowSpot: number } {
  let aboveSpot = 0
  let belowSpot = 0
  for (let k = 0; k < strikes.length; k++) {
    const net = (call[k] as number) + (put[k] as number)
    const strike = strikes[k] as number
    const above = strike > spot ? 1 : strike < spot ? 0 : 0.5
    aboveSpot += above * net
    belowSpot += (1 - above) * net
  }
  return { aboveSpot, belowSpot }
}
