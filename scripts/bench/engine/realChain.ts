import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSnapshot } from '#bridge/feeds/chain/readSnapshot'
import { VOL_STATUS } from '#quant/chain/volStatus'
import { priceSnapshot } from '#scripts/analyze/snapshotEngine'
import type { PlainContract, WholeChain } from './contracts.ts'

/** A recorded Cboe chain kept beside this repository; benchmarks run from its root. */
const FILE = join(process.cwd(), '../shared/data/cboe/SPX_2025-09-04.csv')

/** The recorded chain as `analyze` reads it, null on a machine without it. Peers get the contracts that have a volatility. */
export function realChain(): WholeChain | null {
  if (!existsSync(FILE)) return null
  const parsed = readSnapshot(readFileSync(FILE, 'utf8'))
  if (!parsed.ok) throw new Error(`expected a chain in ${FILE}`)
  const { snapshot } = parsed
  const { engine } = priceSnapshot(snapshot, snapshot.asOfMs, 'own')
  const { chain, spot, asOfMs } = engine
  const contracts: PlainContract[] = []
  for (let row = 0; row < chain.count; row++) {
    if (chain.volStatus[row] !== VOL_STATUS.priced || !((chain.price[row] as number) > 0)) continue
    const e = chain.expiryIndex[row] as number
    const years = chain.years[e] as number
    const discount = chain.discount[e] as number
    const sign = chain.callSign[row] as number
    contracts.push({
      row,
      spot,
      strike: chain.strike[row] as number,
      years,
      rate: -Math.log(discount) / years,
      dividendYield: -Math.log(((chain.forward[e] as number) * discount) / spot) / years,
      vol: chain.vol[row] as number,
      right: sign > 0 ? 'call' : 'put',
      price: chain.price[row] as number,
      weight: sign * (Number.isNaN(chain.openInterest[row]) ? 0 : (chain.openInterest[row] as number)),
    })
  }
  return { contracts, engine, spot, asOfMs }
}
