import { expect, test } from 'vitest'
import { engineOf } from '../analytics.ts'
import { createForwardReport, FORWARD_SOURCES, impliedForwards, type ForwardOptions } from './forwards.ts'
import { setClock } from './layout.ts'
import {
  SAMPLE_MARKET,
  SAMPLE_NOW_MS,
  sampleContracts,
  sampleForward,
  type SampleContract,
} from './sampleChain.ts'

const OPTIONS: ForwardOptions = { fallbackRate: 0.02, exercise: 'european' }

function imply(contracts: readonly SampleContract[], options = OPTIONS) {
  const { chain } = engineOf(contracts)
  setClock(chain, SAMPLE_NOW_MS)
  const report = createForwardReport(chain)
  impliedForwards(chain, SAMPLE_MARKET.spot, options, report)
  const names = (codes: Uint8Array) => Array.from(codes, (code) => FORWARD_SOURCES[code])
  return { chain, forwardSource: names(report.forwardSource), discountSource: names(report.discountSource) }
}

test('recovers the forward of every expiry and the rate of those long enough to have one', () => {
  const { chain, forwardSource, discountSource } = imply(sampleContracts())
  expect(forwardSource).toEqual(['parity', 'parity', 'parity', 'parity', 'parity'])
  expect(discountSource).toEqual(['neighbour', 'parity', 'parity', 'parity', 'parity'])
  for (const [e, days] of SAMPLE_MARKET.days.entries()) {
    expect(chain.forward[e]).toBeCloseTo(sampleForward(SAMPLE_MARKET, days), 4)
    expect(-Math.log(chain.discount[e] as number) / (days / 365)).toBeCloseTo(SAMPLE_MARKET.rate, 5)
  }
})

test('a stale leg, far outside what the spreads allow, moves neither forward nor rate', () => {
  const stale = sampleContracts().map((contract) =>
    contract.strike === 5850 && contract.right === 'call'
      ? { ...contract, bid: contract.bid + 40, ask: contract.ask + 40 }
      : contract,
  )
  const { chain } = imply(stale)
  for (const [e, days] of SAMPLE_MARKET.days.entries()) {
    expect(chain.forward[e]).toBeCloseTo(sampleForward(SAMPLE_MARKET, days), 4)
    expect(-Math.log(chain.discount[e] as number) / (days / 365)).toBeCloseTo(SAMPLE_MARKET.rate, 5)
  }
})

test('an expiry without a quoted pair takes its neighbours, and says so', () => {
  const thin = sampleContracts().filter(
    ({ right, expiryMs }) => right === 'call' || expiryMs !== SAMPLE_NOW_MS + 36 * 86_400_000,
  )
  const { chain, forwardSource, discountSource } = imply(thin)
  expect([forwardSource[2], discountSource[2]]).toEqual(['neighbour', 'neighbour'])
  expect(chain.forward[2]).toBeCloseTo(sampleForward(SAMPLE_MARKET, 36), 2)
})

test('without any pair it is spot grown at the fallback rate, flagged flat', () => {
  const { chain, forwardSource, discountSource } = imply(
    sampleContracts().filter(({ right }) => right === 'put'),
  )
  expect(new Set([...forwardSource, ...discountSource])).toEqual(new Set(['flat']))
  expect(chain.forward[4]).toBeCloseTo(5800 * Math.exp(0.02), 9)
  expect(chain.discount[4]).toBeCloseTo(Math.exp(-0.02), 12)
})

test('American chains imply a forward but no rate', () => {
  const { forwardSource, discountSource } = imply(sampleContracts(), { ...OPTIONS, exercise: 'american' })
  expect(new Set(forwardSource)).toEqual(new Set(['parity']))
  expect(new Set(discountSource)).toEqual(new Set(['flat']))
})

test('a forward no carry explains is refused', () => {
  const { forwardSource } = imply(sampleContracts({ spot: 7000, days: [1, 8, 36] }))
  expect(forwardSource).toEqual(['flat', 'flat', 'flat'])
})

test('a settled expiry has neither forward nor discount', () => {
  const { chain, forwardSource } = imply([
    ...sampleContracts(),
    { ...sampleContracts()[0], expiryMs: SAMPLE_NOW_MS } as SampleContract,
  ])
  expect(forwardSource[0]).toBe('none')
  expect([chain.forward[0], chain.discount[0]]).toEqual([Number.NaN, Number.NaN])
})
