import type { Chain } from '../chain/chain.ts'
import { column, type ExposureTable } from '../exposure/exposureTable.ts'
import type { StrikeColumns } from '../levels/walls.ts'
import type { StrikeAnalytics } from './chainAnalytics.ts'

/** Unsigned gamma and open interest per strike over the live rows [from, chain.count). */
export function strikeColumns(chain: Chain, { byStrike }: ExposureTable, from: number): StrikeColumns {
  const callOpenInterest = new Float64Array(chain.strikeCount)
  const putOpenInterest = new Float64Array(chain.strikeCount)
  for (let row = from; row < chain.count; row++) {
    const open = chain.openInterest[row] as number
    if (!(open > 0)) continue
    const side = (chain.callSign[row] as number) > 0 ? callOpenInterest : putOpenInterest
    const k = chain.strikeIndex[row] as number
    side[k] = (side[k] as number) + open
  }
  const callGamma = column(byStrike, 'gammaMass', 'call')
  const putGamma = column(byStrike, 'gammaMass', 'put')
  return { strike: chain.strikes, callGamma, putGamma, callOpenInterest, putOpenInterest }
}

export function byStrike({ byStrike: sums }: ExposureTable, columns: StrikeColumns): StrikeAnalytics {
  const callGex = column(sums, 'gamma', 'call')
  const putGex = column(sums, 'gamma', 'put')
  return {
    strike: toArray(columns.strike),
    callGex: toArray(callGex),
    putGex: toArray(putGex),
    netGex: toArray(callGex.map((call, k) => call + (putGex[k] as number))),
    callOpenInterest: toArray(columns.callOpenInterest),
    putOpenInterest: toArray(columns.putOpenInterest),
  }
}

/** A loop, because spreading a typed array walks its iterator, which takes several times as long. */
function toArray(values: Float64Array): number[] {
  const array: number[] = []
  for (let i = 0; i < values.length; i++) array.push(values[i] as number)
  return array
}
