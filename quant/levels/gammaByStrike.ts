import type { Chain } from '../chain/chain.ts'
import { netGammaAt } from '../kernel/netGamma.ts'
import type { GammaTerms } from '../kernel/gammaTerms.ts'

/**
 * Net gamma exposure of rows [from, to) by strike (as `chain.strikes`), currency per +1 % of spot, were spot at `price`
 * under sticky strike. At a zero-gamma price the strikes add up to nothing but rounding.
 */
export function gammaByStrikeAt(
  terms: GammaTerms,
  chain: Chain,
  price: number,
  from: number,
  to: number,
): Float64Array {
  const lnPrice = Math.log(price)
  const scale = 0.01 * price
  const sums = new Float64Array(chain.strikeCount)
  const here = new Float64Array(2)
  for (let row = from; row < to; row++) {
    netGammaAt(terms, row, row + 1, lnPrice, here)
    const k = chain.strikeIndex[row] as number
    sums[k] = (sums[k] as number) + scale * (here[0] as number)
  }
  return sums
}
