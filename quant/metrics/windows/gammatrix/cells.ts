import type { Chain } from '../../../chain/chain.ts'
import { finiteOrNull } from '../../finite.ts'
import type { MarketView } from '../../marketView.ts'

/** Where each entry of a layer's columns lies: expiry by expiry, strikes ascending, listed and live ones only. */
export interface CellAxes {
  readonly expiryMs: readonly number[]
  readonly strike: readonly number[]
}

/** One strike of one expiry: rows [from, to) of the chain, a call, a put or both. */
export interface Cell {
  readonly from: number
  readonly to: number
}

export const NO_CELLS = 'every contract has settled'

export function cellsOf({ engine: { chain, sections } }: MarketView): Cell[] {
  const { strikeIndex, expiryIndex, count } = chain
  const cells: Cell[] = []
  for (let from = sections.start; from < count;) {
    let to = from + 1
    while (to < count && strikeIndex[to] === strikeIndex[from] && expiryIndex[to] === expiryIndex[from]) to++
    cells.push({ from, to })
    from = to
  }
  return cells
}

export function axesOf({ expiryMs, expiryIndex, strike }: Chain, cells: readonly Cell[]): CellAxes {
  return {
    expiryMs: cells.map(({ from }) => expiryMs[expiryIndex[from] as number] as number),
    strike: cells.map(({ from }) => strike[from] as number),
  }
}

/** A figure per row by side of each cell; null where the side is not listed or its figure is NaN. */
export function sidesByCell(
  { callSign }: Chain,
  cells: readonly Cell[],
  figures: Float64Array,
): { call: (number | null)[]; put: (number | null)[] } {
  const side = (sign: 1 | -1) =>
    cells.map(({ from, to }) => {
      for (let row = from; row < to; row++) if (callSign[row] === sign) return finiteOrNull(figures[row])
      return null
    })
  return { call: side(1), put: side(-1) }
}

/** Both sides together; null only when neither is known. */
export function addSides(
  call: readonly (number | null)[],
  put: readonly (number | null)[],
): (number | null)[] {
  return call.map((amount, i) => {
    const other = put[i] ?? null
    return amount === null && other === null ? null : (amount ?? 0) + (other ?? 0)
  })
}
