import { expect, test } from 'vitest'
import { analyse, engineOf } from '../analytics.ts'
import { reprice, repriceAtVols } from '../analytics/engine.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts, type SampleContract } from '../chain/sampleChain.ts'
import { marketFlags } from './marketFlags.ts'

const SAMPLE = sampleContracts()
const HOUR_MS = 3_600_000

function flagsOf(change: (contract: SampleContract, i: number) => object, nowMs = SAMPLE_NOW_MS) {
  const engine = engineOf(SAMPLE.map((contract, i) => ({ ...contract, ...change(contract, i) })))
  reprice(engine, SAMPLE_MARKET.spot, nowMs)
  return marketFlags(engine, analyse(engine))
}

test('a sound chain has no flags', () => {
  expect(flagsOf(() => ({}))).toEqual([])
})

test.each([
  ['CROSSED', (_: SampleContract, i: number) => (i === 7 ? { bid: 9, ask: 8 } : {})],
  ['OI_MISSING', (_: SampleContract, i: number) => (i % 10 === 0 ? { openInterest: null } : {})],
  ['WIDE', ({ ask }: SampleContract, i: number) => (i % 2 === 0 ? { ask: 1 + 2 * ask } : {})],
  ['LOW_COV', (_: SampleContract, i: number) => (i % 4 < 2 ? { bid: null, ask: null } : {})],
  ['FORWARD_FALLBACK', ({ right }: SampleContract) => (right === 'put' ? { bid: null, ask: null } : {})],
] as const)('%s', (flag, change) => {
  expect(flagsOf(change)).toContain(flag)
})

test('GIVEN_VOLS when volatilities are a vendor’s and not solved from quotes', () => {
  const engine = engineOf(SAMPLE)
  const vols = new Float64Array(engine.chain.count).fill(0.2)
  repriceAtVols(engine, SAMPLE_MARKET.spot, SAMPLE_NOW_MS, vols)
  expect(marketFlags(engine, analyse(engine))).toEqual(['GIVEN_VOLS'])
})

test('NEAR_EXPIRY within an hour of the next settlement', () => {
  const front = SAMPLE[0]?.expiryMs ?? Number.NaN
  expect(flagsOf(() => ({}), front - HOUR_MS)).not.toContain('NEAR_EXPIRY')
  expect(flagsOf(() => ({}), front - HOUR_MS + 1)).toContain('NEAR_EXPIRY')
})

test('without a price the chain still says what it lacks', () => {
  expect(marketFlags(engineOf([]), null)).toEqual(['NO_CONTRACTS'])
  const { openInterest: _, ...unknown } = SAMPLE[0] as SampleContract
  expect(marketFlags(engineOf([{ ...unknown, openInterest: null }]), null)).toEqual(['OI_MISSING'])
  const engine = engineOf(SAMPLE)
  reprice(engine, Number.NaN, SAMPLE_NOW_MS)
  expect(marketFlags(engine, analyse(engine))).toContain('NO_SPOT')
})
