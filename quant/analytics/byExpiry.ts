import { averagingState } from '../averaging/spotShare.ts'
import { FORWARD_SOURCES, type ForwardSource } from '../chain/forwards.ts'
import { figure } from '../exposure/exposureTable.ts'
import { atTheMoneyVol } from '../levels/atTheMoneyVol.ts'
import { maxPain } from '../levels/maxPain.ts'
import { countBySide } from '../levels/putCallRatio.ts'
import type { ExpiryAnalytics } from './chainAnalytics.ts'
import type { Engine } from './engine.ts'
import { netByKind } from './exposures.ts'

const DAYS_PER_YEAR = 365

/** One entry per live expiry, soonest first. */
export function byExpiry(engine: Engine): ExpiryAnalytics[] {
  const { chain, sections } = engine
  const expiries: ExpiryAnalytics[] = []
  if (sections.frontExpiry < 0) return expiries
  for (let e = sections.frontExpiry; e < chain.expiryCount; e++) expiries.push(describeExpiry(engine, e))
  return expiries
}

function describeExpiry({ chain, spot, forwards, measure }: Engine, e: number): ExpiryAnalytics {
  const from = chain.expiryStart[e] as number
  const to = chain.expiryStart[e + 1] as number
  const openInterest = countBySide(chain, chain.openInterest, from, to)
  const volume = countBySide(chain, chain.volume, from, to)
  const { table } = measure.openInterest
  const callGex = figure(table.byExpiry, e, 'gamma', 'call')
  const putGex = figure(table.byExpiry, e, 'gamma', 'put')
  return {
    expiryMs: chain.expiryMs[e] as number,
    dte: (chain.years[e] as number) * DAYS_PER_YEAR,
    forward: finiteOrNull(chain.forward[e] as number),
    discount: finiteOrNull(chain.discount[e] as number),
    forwardSource: source(forwards.forwardSource[e]),
    discountSource: source(forwards.discountSource[e]),
    averaging: averagingState(chain, e, spot, source(forwards.forwardSource[e]) === 'parity'),
    contracts: to - from,
    priced: countPriced(chain.vol, from, to),
    callGex,
    putGex,
    netGex: callGex + putGex,
    exposures: netByKind(table, e),
    callOpenInterest: openInterest.calls,
    putOpenInterest: openInterest.puts,
    callVolume: volume.calls,
    putVolume: volume.puts,
    atmVol: atTheMoneyVol(chain, e),
    maxPain: maxPain(chain, e),
  }
}

function countPriced(vol: Float64Array, from: number, to: number): number {
  let priced = 0
  for (let row = from; row < to; row++) if ((vol[row] as number) > 0) priced++
  return priced
}

function source(code: number | undefined): ForwardSource {
  return FORWARD_SOURCES[code ?? FORWARD_SOURCES.length - 1] ?? 'none'
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
