import { expect, test } from 'vitest'
import { engineOf } from '../analytics.ts'
import { reprice } from '../analytics/engine.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts, type SampleContract } from './sampleChain.ts'
import { volStatusName } from './volStatus.ts'

function priced(contracts: readonly SampleContract[]) {
  const engine = engineOf(contracts)
  reprice(engine, SAMPLE_MARKET.spot, SAMPLE_NOW_MS)
  const at = (strike: number, right: 'call' | 'put', days: number) => {
    const i = contracts.findIndex(
      (c) => c.strike === strike && c.right === right && c.expiryMs === SAMPLE_NOW_MS + days * 86_400_000,
    )
    const row = engine.chain.rowOf[i] as number
    return { vol: engine.chain.vol[row], status: volStatusName(engine.chain.volStatus[row] as number) }
  }
  return { engine, at }
}

const without = (strike: number, right: 'call' | 'put') =>
  sampleContracts().map((c) => (c.strike === strike && c.right === right ? { ...c, bid: 0 } : c))

test('call and put of a strike share the volatility the market was made with', () => {
  const { at } = priced(sampleContracts())
  for (const strike of [5200, 5600, 5800, 6000, 6400]) {
    expect(at(strike, 'call', 36).vol).toBeCloseTo(SAMPLE_MARKET.vol(strike, 36), 6)
    expect(at(strike, 'put', 36).vol).toBe(at(strike, 'call', 36).vol)
  }
})

test('a bad in-the-money quote is not looked at', () => {
  const { vol, status } = priced(without(6000, 'put')).at(6000, 'put', 36)
  expect(status).toBe('priced')
  expect(vol).toBeCloseTo(SAMPLE_MARKET.vol(6000, 36), 6)
})

test('without an out-of-the-money quote neither side has a volatility, and both say why', () => {
  const { at } = priced(without(6000, 'call'))
  expect(at(6000, 'call', 36)).toEqual({ vol: Number.NaN, status: 'one_sided' })
  expect(at(6000, 'put', 36)).toEqual({ vol: Number.NaN, status: 'one_sided' })
})

test('a strike listed on one side alone is priced from that side', () => {
  const { at } = priced(sampleContracts().filter((c) => !(c.strike === 6000 && c.right === 'call')))
  expect(at(6000, 'put', 120).vol).toBeCloseTo(SAMPLE_MARKET.vol(6000, 120), 4)
})

test('solving again from the solution changes nothing that matters, and keeps the reasons', () => {
  const { engine, at } = priced(without(6000, 'call'))
  const first = engine.chain.vol.slice()
  reprice(engine, SAMPLE_MARKET.spot, SAMPLE_NOW_MS)
  // Without a volatility before and after is no change.
  const change = first.map((vol, row) =>
    Object.is(vol, engine.chain.vol[row]) ? 0 : (engine.chain.vol[row] as number) / vol - 1,
  )
  expect(Math.max(...change.map(Math.abs))).toBeLessThan(1e-8)
  expect(at(6000, 'call', 36).status).toBe('one_sided')
})
