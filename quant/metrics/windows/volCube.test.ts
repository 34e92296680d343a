import { expect, test } from 'vitest'
import { SAMPLE_NOW_MS, sampleContracts } from '../../chain/sampleChain.ts'
import type { ConcentrationStrike } from '../../levels/concentration.ts'
import { explainSample } from '../explainSample.ts'
import { sampleView } from '../sampleView.ts'

const read = (name: string, contracts = sampleContracts()) => explainSample(`volCube.${name}`, contracts)

/** Unsigned finite gamma by strike straight from the definition. */
function massByStrike(): Map<number, number> {
  const { engine, analytics } = sampleView()
  const { chain, measure, spot } = engine
  const masses = new Map<number, number>()
  for (let row = 0; row < chain.count && analytics.spot === spot; row++) {
    const mass = 100 * (chain.openInterest[row] as number) * spot * (measure.deltaChange[row] as number)
    const strike = chain.strike[row] as number
    if (!Number.isNaN(mass)) masses.set(strike, (masses.get(strike) ?? 0) + mass)
  }
  return masses
}

test('ten strikes, most first, shares of all gamma', () => {
  const masses = massByStrike()
  const total = [...masses.values()].reduce((sum, mass) => sum + mass, 0)
  const ranked = [...masses].toSorted((a, b) => b[1] - a[1]).slice(0, 10)
  const { value, evidence } = read('topStrikes')
  const strikes = value as ConcentrationStrike[]
  expect(strikes.map(({ strike }) => strike)).toEqual(ranked.map(([strike]) => strike))
  for (const [i, { gexFinite, share }] of strikes.entries()) {
    expect(gexFinite / (ranked[i]?.[1] ?? 0)).toBeCloseTo(1, 9)
    expect(share).toBeCloseTo(gexFinite / total, 9)
  }
  expect(evidence.contributions?.items.map(({ amount }) => amount)).toEqual(
    strikes.map(({ gexFinite }) => gexFinite),
  )
})

test('the index is the sum of squared shares over all strikes, and its inverse the effective count', () => {
  const masses = [...massByStrike().values()]
  const total = masses.reduce((sum, mass) => sum + mass, 0)
  const hhi = masses.reduce((sum, mass) => sum + (mass / total) ** 2, 0)
  expect(read('hhi').value).toBeCloseTo(hhi, 9)
  expect(read('effectiveStrikes').value).toBeCloseTo(1 / hhi, 6)
})

test('M6 votes with the skew even when nothing else was asked for before', () => {
  const [asked] = sampleView().concentration.strikes
  const view = sampleView()
  expect(view.analytics.asOfMs).toBe(SAMPLE_NOW_MS)
  expect(view.concentration.strikes[0]).toEqual(asked)
})

test.each([
  ['no open interest', sampleContracts({ openInterest: () => 0 }), 'no open interest'],
  ['no quotes', sampleContracts({ halfSpread: -1 }), 'no contract has a volatility'],
  ['no contracts', [], 'every contract has settled'],
])('%s: null with a reason', (_, contracts, reason) => {
  for (const name of ['topStrikes', 'hhi', 'effectiveStrikes'])
    expect(read(name, contracts)).toMatchObject({ value: null, reason })
})
