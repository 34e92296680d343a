import type { Chain } from '../chain/chain.ts'
import { greeks } from '../pricing/blackScholes.ts'

/**
 * Net gamma exposure in currency per 1 % at each hypothetical spot, the obvious way: reprice every contract with its
 * own volatility at every spot, forwards scaling with spot, and sum weight·gamma·multiplier·S'²·0.01. The slow twin of
 * the ladder kernel.
 */
export function gammaProfile(
  chain: Chain,
  spot: number,
  weights: Float64Array,
  spots: readonly number[],
): number[] {
  return spots.map((hypothetical) => {
    let sum = 0
    for (let i = 0; i < chain.count; i++) {
      const e = chain.expiryIndex[i] as number
      const years = chain.years[e] as number
      const { gamma } = greeks({
        spot: hypothetical,
        strike: chain.strike[i] as number,
        years,
        rate: -Math.log(chain.discount[e] as number) / years,
        dividendYield:
          -Math.log(((chain.forward[e] as number) * (chain.discount[e] as number)) / spot) / years,
        vol: chain.vol[i] as number,
        right: 'call',
      })
      const contribution = (weights[i] as number) * (chain.multiplier[i] as number) * gamma
      if (Number.isFinite(contribution)) sum += contribution * hypothetical * hypothetical * 0.01
    }
    return sum
  })
}
