import { describe, expect, test } from 'vitest'
import { analyse, engineOf, type ContractInput } from '../analytics.ts'
import { reprice } from '../analytics/engine.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts, type SampleMarket } from '../chain/sampleChain.ts'
import { layOutChain } from '../chain/layout.ts'
import { createPositions } from './exposureTable.ts'
import { fillPositions, SIGN_MODEL_IDS, type SignInputs, type SignModelId } from './signModel.ts'

const at = (strike: number, right: 'call' | 'put') => ({ strike, right, expiryMs: 1, multiplier: 100 })

/** A call held 10 and bought 20, a put held 8 and sold 30, a put of unknown open interest bought 5. */
function signedBy(model: SignModelId, skewSign = 0.5): { contracts: number[]; signed: number[] } {
  const chain = layOutChain([at(100, 'call'), at(100, 'put'), at(105, 'put')])
  const inputs: SignInputs = {
    chain,
    signedFlow: Float64Array.of(20, -30, 5),
    openingShare: 0.5,
    skewSigns: Float64Array.of(skewSign),
  }
  const positions = createPositions(3)
  fillPositions(model, inputs, Float64Array.of(10, 8, Number.NaN), positions)
  return { contracts: [...positions.contracts], signed: [...positions.signed].map((value) => value + 0) }
}

test.each([
  ['M0', [10, 8, 0]],
  ['M1', [10, -8, 0]],
  ['M2', [-10, -8, 0]],
  ['M3', [-10, 8, 0]],
  ['M4', [-20, 30, -5]],
  // 10 + 10 calls; 8 − 15 puts is nothing; 0 + 2.5 puts.
  ['M5', [20, 0, -2.5]],
  ['M6', [5, -8, 0]],
] as const)('%s gives dealers %j', (model, signed) => {
  expect(signedBy(model)).toEqual({ contracts: [10, 8, 0], signed: [...signed] })
})

test('M6 is M1 where the skew is unknown or that of an index, M2 where calls are what is bid', () => {
  expect(signedBy('M6', Number.NaN)).toEqual(signedBy('M1'))
  expect(signedBy('M6', 1)).toEqual(signedBy('M1'))
  expect(signedBy('M6', -1)).toEqual(signedBy('M2'))
})

describe('on a chain', () => {
  const analyticsOf = (
    changes: Partial<SampleMarket> = {},
    flow: (c: ContractInput) => number | null = () => null,
  ) => {
    const market = { ...SAMPLE_MARKET, ...changes }
    const contracts = sampleContracts(market).map((c) => ({ ...c, signedFlow: flow(c) }))
    const of = (signModel: SignModelId) => {
      const engine = engineOf(contracts, { signModel })
      reprice(engine, market.spot, market.nowMs)
      return analyse(engine)
    }
    return { of, all: of('M1') }
  }

  test('the totals of a model are those of an engine that uses it, bit for bit', () => {
    const { of, all } = analyticsOf({}, ({ strike }) => Math.round(5900 - strike))
    for (const model of SIGN_MODEL_IDS) {
      const { local } = of(model).exposure
      const total = all.signModels[model]
      // M6 rounds call gamma by contract in one and by expiry in the other.
      const tolerance = model === 'M6' ? 10 : 0
      expect(Math.abs((local.call as number) - (total?.call as number))).toBeLessThanOrEqual(tolerance)
      expect(Math.abs((local.net as number) - (total?.net as number))).toBeLessThanOrEqual(tolerance)
    }
  })

  test('without flow the flow models do not apply, and say why', () => {
    const { signModels, reasons, signAgreement } = analyticsOf().all
    expect([signModels.M4, signModels.M5]).toEqual([null, null])
    expect(reasons).toMatchObject({ 'signModels.M4': 'no signed flow', 'signModels.M5': 'no signed flow' })
    // The smile is an index's: M6 agrees with M1, M2 does not.
    expect(Math.sign(signModels.M6?.net as number)).toBe(Math.sign(signModels.M1?.net as number))
    expect(signAgreement).toBeCloseTo(1 / 3, 12)
  })

  test('customers who sell everything make dealers long: M4 agrees with M0', () => {
    const { signModels } = analyticsOf({}, () => -10).all
    expect(signModels.M4?.call).toBeGreaterThan(0)
    expect(signModels.M4?.put).toBeGreaterThan(0)
  })

  test('a smile that pays up for calls turns the calls of M6 around', () => {
    const bid = analyticsOf({ vol: (strike) => 0.2 + 0.3 * Math.log(strike / SAMPLE_MARKET.spot) }).all
    expect(bid.signModels.M6?.call).toBeLessThan(0)
    expect(bid.signModels.M6?.put).toBe(bid.signModels.M1?.put)
    const even = analyticsOf({
      days: [36],
      vol: (strike) => 0.2 + 4 * Math.log(strike / SAMPLE_MARKET.spot) ** 2,
    }).all
    const share = (even.signModels.M6?.call as number) / (even.signModels.M1?.call as number)
    expect(Math.abs(share)).toBeLessThan(0.3)
  })

  test('a primary model that does not apply yields zeros and no flip', () => {
    const { exposure, flips } = analyticsOf().of('M4')
    expect(exposure.local.net).toBe(0)
    expect(flips.all.status).toBe('no_data')
  })

  test('nothing priced, nothing agreed', () => {
    const silent = sampleContracts().map((c) => ({ ...c, bid: null, ask: null }))
    const engine = engineOf(silent)
    reprice(engine, SAMPLE_MARKET.spot, SAMPLE_NOW_MS)
    const { signAgreement, exposures, zeroDte } = analyse(engine)
    expect([signAgreement, exposures, zeroDte]).toEqual([null, null, null])
  })
})
