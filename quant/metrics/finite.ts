/** Columns of figures as they leave `quant/`: what is not finite is null, and −0 is 0. */
export function finiteOrNull(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && Number.isFinite(value) ? value + 0 : null
}

export function finiteColumn(values: Iterable<number>): (number | null)[] {
  return Array.from(values, finiteOrNull)
}
