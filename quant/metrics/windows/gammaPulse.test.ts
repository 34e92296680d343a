import { describe, expect, test } from 'vitest'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts } from '../../chain/sampleChain.ts'
import { explainSample } from '../explainSample.ts'
import type { MarketSample } from '../marketHistory.ts'
import { sampleView, type SampleInstant } from '../sampleView.ts'

const { spot } = SAMPLE_MARKET

const read = (name: string, instant: SampleInstant = {}, contracts = sampleContracts()) =>
  explainSample(`gammaPulse.${name}`, contracts, instant)

/** Γ·OI·M·S²·0.01 straight from the definition, calls positive and puts negative. */
function signedGamma(keep: (contract: { strike: number; isCall: boolean }) => number): number {
  const { engine } = sampleView()
  const { chain } = engine
  let sum = 0
  for (let row = 0; row < chain.count; row++) {
    const isCall = chain.callSign[row] === 1
    const held = (isCall ? 1 : -1) * (chain.openInterest[row] as number) * (chain.multiplier[row] as number)
    const exposure = held * (chain.gamma[row] as number) * spot * spot * 0.01
    if (!Number.isNaN(exposure)) sum += keep({ strike: chain.strike[row] as number, isCall }) * exposure
  }
  return sum
}

test.each([
  ['totalCallGex', signedGamma(({ isCall }) => Number(isCall))],
  ['totalPutGex', signedGamma(({ isCall }) => Number(!isCall))],
  ['netGex', signedGamma(() => 1)],
  ['aboveSpotGex', signedGamma(({ strike }) => (strike > spot ? 1 : strike === spot ? 0.5 : 0))],
  ['belowSpotGex', signedGamma(({ strike }) => (strike < spot ? 1 : strike === spot ? 0.5 : 0))],
])('%s is what its definition says, and its evidence adds up to it', (name, expected) => {
  const { value, evidence } = read(name)
  expect((value as number) / expected).toBeCloseTo(1, 9)
  expect(evidence.contributions).toMatchObject({ kind: 'sum', total: value })
  expect(evidence.contributions?.items[0]?.inputs['openInterest']).toBeGreaterThan(0)
})

test('above and below add up to the net, calls and puts to net and gross, bit for bit', () => {
  const value = (name: string) => read(name).value as number
  expect(value('aboveSpotGex') + value('belowSpotGex')).toBe(value('netGex'))
  expect(value('totalCallGex') + value('totalPutGex')).toBe(value('netGex'))
  expect(value('totalCallGex') - value('totalPutGex')).toBe(value('grossGex'))
})

test('the finite figure stays below all there is to hedge where the local one does not', () => {
  const atTheMoney = sampleContracts({
    days: [5 / (24 * 60)],
    strikes: [5780, 5790, 5800, 5810, 5820],
    halfSpread: 1e-4,
    openInterest: (strike, right) => (strike === 5800 && right === 'call' ? 1000 : 0),
  })
  const most = 1000 * 100 * spot
  expect(read('netGex', {}, atTheMoney).value).toBeGreaterThan(most)
  const finite = read('netGexFinite', {}, atTheMoney)
  expect(finite.value).toBeLessThanOrEqual(most)
  expect(finite.value).toBeGreaterThan(0.9 * most)
  expect(finite.evidence.contributions?.total).toBe(finite.value)
})

describe('netGexPerMinute', () => {
  const net = read('netGex').value as number
  /** Net rising evenly by `perMinute`, one sample per ten seconds. */
  const rising = (perMinute: number, minutes: number): MarketSample[] =>
    Array.from({ length: 6 * minutes }, (_, i) => {
      const agoMs = 60_000 * minutes - 10_000 * i
      return {
        asOfMs: SAMPLE_NOW_MS - agoMs,
        spot,
        netGex: net - (perMinute * agoMs) / 60_000,
        nearestFlip: 5750,
      }
    })
  const history = (samples: MarketSample[]) => ({
    history: { samples, dailyBars: [], dailyAtmVols: [] },
  })

  test('is the slope of the last five minutes', () => {
    const turned = [...rising(-7e6, 20).slice(0, 90), ...rising(2e6, 5)]
    const { value, evidence } = read('netGexPerMinute', history(turned))
    expect(value).toBeCloseTo(2e6, 0)
    expect(evidence.inputs).toContainEqual({
      name: 'samples',
      value: 30,
      unit: 'count',
      asOfMs: SAMPLE_NOW_MS,
    })
  })

  test('needs a minute', () => {
    const seconds = rising(2e6, 1).slice(1)
    expect(read('netGexPerMinute', history(seconds))).toMatchObject({
      value: null,
      reason: 'under a minute of history',
      flags: ['INSUFFICIENT_HISTORY'],
    })
    const gaps = rising(2e6, 5).map((sample) => ({ ...sample, netGex: Number.NaN }))
    expect(read('netGexPerMinute', history(gaps)).value).toBeNull()
  })
})

test('beside the value traded only when that is known', () => {
  expect(read('netGexToAdv')).toMatchObject({
    value: null,
    reason: 'the average daily value traded is not known',
  })
  const net = read('netGex').value as number
  expect(read('netGexToAdv', { averageDailyValue: 5e9 }).value).toBeCloseTo((100 * net) / 5e9, 9)
  expect(read('netGexToAdv', { averageDailyValue: 0 }).value).toBeNull()
})

test('without open interest, quotes or live contracts every figure is null and says why', () => {
  const silent = sampleContracts({ halfSpread: -1 })
  const cases = [
    [sampleContracts({ openInterest: () => 0 }), {}, 'no open interest'],
    [silent, {}, 'no contract has a volatility'],
    [sampleContracts(), { nowMs: SAMPLE_NOW_MS + 400 * 86_400_000 }, 'every contract has settled'],
    [[], {}, 'every contract has settled'],
  ] as const
  const names = ['totalCallGex', 'totalPutGex', 'netGex', 'grossGex', 'netGexFinite', 'netGexPerMinute']
  for (const [contracts, instant, reason] of cases)
    for (const name of names)
      expect(read(name, instant, [...contracts])).toMatchObject({ value: null, reason })
})
