/**
 * Where the names of vertical marker lines go, so that lines close together stay legible: each label takes the first
 * row above the plot in which it does not touch another, and hangs to one side of its line near an edge.
 */
export interface MarkerBox {
  /** Pixel position of the line. */
  readonly x: number
  readonly labelWidth: number
}

export interface MarkerPlace {
  /** 0 is nearest to the plot. */
  readonly row: number
  /** Which edge, or the middle, of the label sits on the line. */
  readonly align: 'left' | 'center' | 'right'
}

const GAP = 8

/** In the order given: the first markers get the lowest rows. */
export function placeLabels(markers: readonly MarkerBox[], left: number, right: number): MarkerPlace[] {
  const rows: { from: number; to: number }[][] = []
  return markers.map(({ x, labelWidth }) => {
    const align = x - labelWidth / 2 < left ? 'left' : x + labelWidth / 2 > right ? 'right' : 'center'
    const from = align === 'left' ? x : align === 'right' ? x - labelWidth : x - labelWidth / 2
    const to = from + labelWidth
    const free = rows.findIndex((row) =>
      row.every((taken) => to + GAP <= taken.from || from >= taken.to + GAP),
    )
    const row = free === -1 ? rows.length : free
    const taken = rows[row] ?? []
    taken.push({ from, to })
    rows[row] = taken
    return { row, align }
  })
}
