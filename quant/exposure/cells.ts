import type { ExposureKind } from './exposureKinds.ts'
import { addRows, createExposureTable, figure, type ExposureInputs, type Positions } from './exposureTable.ts'

/** One strike of one expiry. */
export interface ExposureCell {
  readonly expiryIndex: number
  readonly strikeIndex: number
  readonly call: number
  readonly put: number
  readonly net: number
}

/**
 * One kind of exposure by strike × expiry, cells with a listed contract only, expiry by expiry and strikes ascending.
 * Cells add up to the sums by strike and by expiry bit for bit. Made when asked for: a chain has as many as half its
 * contracts.
 */
export function exposureCells(
  kind: ExposureKind,
  inputs: ExposureInputs,
  positions: Positions,
): ExposureCell[] {
  const { chain } = inputs
  const { strikeIndex, expiryIndex, count } = chain
  const cells: ExposureCell[] = []
  const table = createExposureTable(chain)
  for (let from = 0; from < count;) {
    let to = from + 1
    while (to < count && strikeIndex[to] === strikeIndex[from] && expiryIndex[to] === expiryIndex[from]) to++
    const at = strikeIndex[from] as number
    addRows(table, inputs, positions, from, to, 1)
    const call = figure(table.byStrike, at, kind, 'call')
    const put = figure(table.byStrike, at, kind, 'put')
    addRows(table, inputs, positions, from, to, -1)
    cells.push({ expiryIndex: expiryIndex[from] as number, strikeIndex: at, call, put, net: call + put })
    from = to
  }
  return cells
}
