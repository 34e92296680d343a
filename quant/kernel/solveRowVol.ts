import type { Chain } from '../chain/chain.ts'
import { FIRST_DATA_STATUS, VOL_STATUS } from '../chain/volStatus.ts'
import { impliedVol } from '../pricing/impliedVol.ts'

/**
 * Solves row i of expiry e by the scalar solver and records the volatility, or NaN and the reason. A row without a
 * price keeps the fault of its data, which says more than that there was no number.
 */
export function solveRowVol(chain: Chain, i: number, e: number): void {
  const price = chain.price[i] as number
  if (Number.isNaN(price) && (chain.volStatus[i] as number) >= FIRST_DATA_STATUS) {
    chain.vol[i] = NaN
    return
  }
  const answer = impliedVol({
    forward: chain.forward[e] as number,
    strike: chain.strike[i] as number,
    discount: chain.discount[e] as number,
    years: chain.years[e] as number,
    right: (chain.callSign[i] as number) > 0 ? 'call' : 'put',
    price,
  })
  chain.vol[i] = answer.ok ? answer.vol : NaN
  chain.volStatus[i] = answer.ok ? VOL_STATUS.priced : VOL_STATUS[answer.reason]
}
