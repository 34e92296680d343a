import type { Chain } from './chain.ts'

export type GreekColumns = Pick<
  Chain,
  'greeks' | 'value' | 'delta' | 'gamma' | 'vega' | 'theta' | 'rho' | 'vanna' | 'charm'
>

/**
 * Value and greeks of `count` rows, none computed. The columns are views of one block: a loop that writes eight arrays
 * spends more on finding and checking each of them than on the mathematics of some, most of all in workerd.
 */
export function greekColumns(count: number): GreekColumns {
  const greeks = new Float64Array(8 * count).fill(Number.NaN)
  const column = (k: number): Float64Array => greeks.subarray(k * count, (k + 1) * count)
  return {
    greeks,
    value: column(0),
    delta: column(1),
    gamma: column(2),
    vega: column(3),
    theta: column(4),
    rho: column(5),
    vanna: column(6),
    charm: column(7),
  }
}
