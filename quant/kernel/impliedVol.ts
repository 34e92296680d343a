import type { Chain } from '../chain/chain.ts'
import { FIRST_DATA_STATUS, VOL_STATUS } from '../chain/volStatus.ts'
import { impliedVol } from '../pricing/impliedVol.ts'

/** Writes vol and volStatus of rows [from, to). */
export function impliedVolRange(chain: Chain, from: number, to: number, _warm: boolean): void {
  for (let i = from; i < to; i++) {
    const e = chain.expiryIndex[i] as number
    const price = chain.price[i] as number
    const answer = impliedVol({
      forward: chain.forward[e] as number,
      strike: chain.strike[i] as number,
      discount: chain.discount[e] as number,
      years: chain.years[e] as number,
      right: (chain.callSign[i] as number) > 0 ? 'call' : 'put',
      price,
    })
    chain.vol[i] = answer.ok ? answer.vol : NaN
    if (answer.ok) chain.volStatus[i] = VOL_STATUS.priced
    else if (!(Number.isNaN(price) && (chain.volStatus[i] as number) >= FIRST_DATA_STATUS))
      chain.volStatus[i] = VOL_STATUS[answer.reason]
  }
}
