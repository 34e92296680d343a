import type { Chain } from '../chain/chain.ts'
import type { GammaMeasure } from '../exposure/gammaMeasure.ts'
import type { StrikeColumns } from '../levels/walls.ts'
import type { StrikeAnalytics } from './chainAnalytics.ts'

/** Unsigned gamma and open interest per strike over the live rows [from, chain.count). */
export function strikeColumns(chain: Chain, measure: GammaMeasure, from: number): StrikeColumns {
  const callOpenInterest = new Float64Array(chain.strikeCount)
  const putOpenInterest = new Float64Array(chain.strikeCount)
  for (let row = from; row < chain.count; row++) {
    const open = chain.openInterest[row] as number
    if (!(open > 0)) continue
    const column = (chain.callSign[row] as number) > 0 ? callOpenInterest : putOpenInterest
    const k = chain.strikeIndex[row] as number
    column[k] = (column[k] as number) + open
  }
  const { callByStrike: callGamma, putByStrike: putGamma } = measure.mass
  return { strike: chain.strikes, callGamma, putGamma, callOpenInterest, putOpenInterest }
}

export function byStrike(measure: GammaMeasure, columns: StrikeColumns): StrikeAnalytics {
  const { callByStrike, putByStrike } = measure.local
  return {
    strike: [...columns.strike],
    callGex: [...callByStrike],
    putGex: [...putByStrike],
    netGex: Array.from(callByStrike, (call, k) => call + (putByStrike[k] as number)),
    callOpenInterest: [...columns.callOpenInterest],
    putOpenInterest: [...columns.putOpenInterest],
  }
}
