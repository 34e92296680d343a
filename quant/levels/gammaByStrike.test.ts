import { expect, test } from 'vitest'
import { analyse, engineOf } from '../analytics.ts'
import { reprice } from '../analytics/engine.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts } from '../chain/sampleChain.ts'
import { gammaByStrikeAt } from './gammaByStrike.ts'

const engine = engineOf(sampleContracts())
reprice(engine, SAMPLE_MARKET.spot, SAMPLE_NOW_MS)
const { byStrike, flips } = analyse(engine)
const { terms, chain, sections } = engine
const at = (price: number) => gammaByStrikeAt(terms, chain, price, sections.start, sections.end)

test('at spot it is the net exposure of each strike', () => {
  const found = at(SAMPLE_MARKET.spot)
  const largest = Math.max(...byStrike.netGex.map(Math.abs))
  for (const [k, net] of byStrike.netGex.entries())
    expect(Math.abs((found[k] as number) - net)).toBeLessThan(1e-6 * largest)
})

test('at zero gamma the strikes cancel', () => {
  const found = at(flips.all.nearest as number)
  const net = found.reduce((sum, here) => sum + here, 0)
  const gross = found.reduce((sum, here) => sum + Math.abs(here), 0)
  expect(gross).toBeGreaterThan(1e6)
  expect(Math.abs(net)).toBeLessThan(1e-5 * gross)
})
