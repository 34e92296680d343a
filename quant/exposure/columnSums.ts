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
 * Sums held·multiplier·perUnit·scale over the rows of a chain: `perUnit` per unit of underlying, `held` contracts, `scale`
 * from its unit to currency. For figures computed when asked for; `exposureTable.ts` keeps those of every tick. A row
 * whose figure is NaN adds nothing.
 */
export function sumColumn(
  { strikeCount, expiryCount, callSign, multiplier, strikeIndex, expiryIndex }: Chain,
  perUnit: Float64Array,
  held: Float64Array,
  scale = 1,
): ColumnSums {
  const byStrike = sideColumns(strikeCount)
  const byExpiry = sideColumns(expiryCount)
  for (let row = 0; row < perUnit.length; row++) {
    const units = (held[row] as number) * (multiplier[row] as number)
    const amount = toExactGrid(bounded(units * scale * (perUnit[row] as number)))
    if (units === 0 || amount !== amount) continue
    const isCall = (callSign[row] as number) > 0
    add(isCall ? byStrike.call : byStrike.put, strikeIndex[row] as number, amount)
    add(isCall ? byExpiry.call : byExpiry.put, expiryIndex[row] as number, amount)
  }
  return { byStrike, byExpiry }
}

function add(sums: Float64Array, index: number, amount: number): void {
  sums[index] = (sums[index] as number) + amount
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
