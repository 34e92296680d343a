import { expect, test } from 'vitest'
import { analyse, engineOf } from '../analytics.ts'
import { reprice, signInputs, type Engine } from '../analytics/engine.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts, type SampleMarket } from '../chain/sampleChain.ts'
import { concentration } from './concentration.ts'

function analysed(changes: Partial<SampleMarket> = {}): Engine {
  const engine = engineOf(sampleContracts(changes))
  reprice(engine, SAMPLE_MARKET.spot, SAMPLE_NOW_MS)
  analyse(engine)
  return engine
}

const of = (engine: Engine) => concentration(engine, signInputs(engine))

test('ten strikes, most first; shares, index and effective count agree', () => {
  const engine = analysed()
  const { strikes, hhi, effectiveStrikes } = of(engine)
  expect(strikes.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(strikes.map(({ gexFinite }) => gexFinite)).toEqual(
    strikes.map(({ gexFinite }) => gexFinite).toSorted((a, b) => b - a),
  )
  expect((hhi as number) * (effectiveStrikes as number)).toBeCloseTo(1, 12)
  const shown = strikes.reduce((sum, { hhiContribution }) => sum + hhiContribution, 0)
  expect(shown).toBeLessThanOrEqual(hhi as number)
  expect(shown).toBeGreaterThan(0.5 * (hhi as number))
})

test('everything on one strike: index 1, one effective strike', () => {
  const lone = of(analysed({ openInterest: (strike) => (strike === 5800 ? 100 : 0) }))
  expect(lone).toMatchObject({ hhi: 1, effectiveStrikes: 1 })
  expect(lone.strikes).toHaveLength(1)
  expect(lone.strikes[0]).toMatchObject({ strike: 5800, share: 1, callShare: 0.5 })
})

test('labels need two thirds of the models', () => {
  const { models, strikes } = of(
    analysed({
      openInterest: (strike, right) => {
        if (strike === 5850) return right === 'call' ? 900 : 100
        if (strike === 5750) return right === 'put' ? 900 : 100
        return 0
      },
    }),
  )
  expect(models).toEqual(['M1', 'M2', 'M6'])
  const byStrike = new Map(strikes.map((row) => [row.strike, row]))
  // The sample's skew is an index's: M6 is M1. Long under two of three.
  expect(byStrike.get(5850)).toMatchObject({ label: 'magnet', signs: { M1: 1, M2: -1, M6: 1 } })
  expect(byStrike.get(5750)).toMatchObject({ label: 'accelerator', signs: { M1: -1, M2: -1, M6: -1 } })
})

test('flow adds votes: with two models each way a strike is contested', () => {
  const engine = analysed({
    openInterest: (strike, right) => (strike === 5850 && right === 'call' ? 900 : 0),
  })
  engine.signedFlow.fill(0)
  // Customers bought as many calls today: dealers short them by flow, still long by open interest.
  for (let row = 0; row < engine.chain.count; row++) {
    const isCall = (engine.chain.callSign[row] as number) > 0
    if (engine.chain.strike[row] === 5850 && isCall) engine.signedFlow[row] = 900
  }
  const { strikes } = of(engine)
  expect(strikes[0]).toMatchObject({ label: 'contested', signs: { M1: 1, M2: -1, M4: -1, M5: 1, M6: 1 } })
})

test('no open interest: no strikes, no index', () => {
  expect(of(analysed({ openInterest: () => 0 }))).toMatchObject({
    strikes: [],
    hhi: null,
    effectiveStrikes: null,
  })
})
