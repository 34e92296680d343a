import fc from 'fast-check'
import { expect, test } from 'vitest'
import { analyse, engineOf } from '../analytics.ts'
import { reprice, type Engine } from '../analytics/engine.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts } from '../chain/sampleChain.ts'
import { seededRandom } from '../reference/random.ts'
import { EXPOSURE_KINDS } from './exposureKinds.ts'
import { exposuresBySignModel, type SignedKind } from './exposuresBySignModel.ts'
import { SIGN_MODEL_IDS, type SignModelId } from './signModel.ts'

const KINDS = EXPOSURE_KINDS.filter((kind): kind is SignedKind => kind !== 'gammaMass')
const SEEDED = { seed: 20261121, numRuns: 10 }

function engineUnder(signModel: SignModelId, seed: number, withFlow = true): Engine {
  const random = seededRandom(seed)
  const contracts = sampleContracts({ days: [1, 36] }).map((contract) => ({
    ...contract,
    openInterest: Math.floor(5000 * random()),
    signedFlow: withFlow ? Math.floor(2000 * (random() - 0.5)) : null,
  }))
  const engine = engineOf(contracts, { signModel })
  reprice(engine, SAMPLE_MARKET.spot, SAMPLE_NOW_MS)
  return engine
}

test('each model has the totals of an engine that uses it, whatever model is asked', () => {
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom(...SIGN_MODEL_IDS), (seed, asked) => {
      const { totals, reasons } = exposuresBySignModel(engineUnder(asked, seed))
      expect(reasons).toEqual({})
      for (const model of SIGN_MODEL_IDS) {
        const own = analyse(engineUnder(model, seed)).exposures?.openInterest
        // M6 rounds calls by contract in one and by expiry in the other.
        const tolerance = model === 'M6' ? 10 : 0
        for (const kind of KINDS)
          for (const side of ['call', 'put', 'net'] as const) {
            const difference = (totals[model]?.[kind][side] ?? NaN) - (own?.[kind][side] ?? NaN)
            expect(Math.abs(difference)).toBeLessThanOrEqual(tolerance)
          }
      }
    }),
    SEEDED,
  )
})

test('gamma under each model is what the analysis publishes', () => {
  const engine = engineUnder('M1', 7)
  const { signModels } = analyse(engine)
  const { totals } = exposuresBySignModel(engine)
  for (const model of SIGN_MODEL_IDS) expect(totals[model]?.gamma).toEqual(signModels[model])
})

test('M3 is M1 turned around, in every kind', () => {
  const { M1, M3 } = exposuresBySignModel(engineUnder('M1', 8)).totals
  for (const kind of KINDS) expect(M3?.[kind].net).toBe(-(M1?.[kind].net ?? NaN))
})

test('without flow M4 and M5 are null, and say why', () => {
  const { totals, reasons } = exposuresBySignModel(engineUnder('M1', 9, false))
  expect([totals.M4, totals.M5]).toEqual([null, null])
  expect(reasons).toEqual({ M4: 'no signed flow', M5: 'no signed flow' })
})

test('nothing priced: null under every model, with the reason', () => {
  const silent = engineOf(sampleContracts().map((contract) => ({ ...contract, bid: null, ask: null })))
  reprice(silent, SAMPLE_MARKET.spot, SAMPLE_NOW_MS)
  const { totals, reasons } = exposuresBySignModel(silent)
  for (const model of SIGN_MODEL_IDS)
    expect([totals[model], reasons[model]]).toEqual([null, 'no contract has a volatility'])
})
