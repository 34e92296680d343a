/** A figure as it leaves `quant/`: what is not finite is null, and −0 is 0. */
export function finiteOrNull(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && Number.isFinite(value) ? value + 0 : null
}
