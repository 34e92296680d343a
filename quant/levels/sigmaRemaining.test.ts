import { expect, test } from 'vitest'
import { engineOf } from '../analytics.ts'
import { reprice, type Engine } from '../analytics/engine.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts, type SampleMarket } from '../chain/sampleChain.ts'
import { sigmaRemaining } from './sigmaRemaining.ts'

const HOUR_MS = 3_600_000

function pricedEngine(changes: Partial<SampleMarket> = {}): Engine {
  const engine = engineOf(sampleContracts(changes))
  reprice(engine, SAMPLE_MARKET.spot, SAMPLE_NOW_MS)
  return engine
}

test('the at-the-money volatility over the time left', () => {
  const { sigma } = sigmaRemaining(pricedEngine(), SAMPLE_NOW_MS + 1.5 * HOUR_MS)
  expect(sigma).toBeCloseTo(0.14 * Math.sqrt(1.5 / (365 * 24)), 5)
})

test('without time left, a session or a volatility there is none, and a reason', () => {
  const engine = pricedEngine()
  expect(sigmaRemaining(engine, SAMPLE_NOW_MS).reason).toBe('the session has closed')
  expect(sigmaRemaining(engine, null).reason).toBe('the session is not known')
  const farStrikes = pricedEngine({ strikes: [6000, 6100] })
  expect(sigmaRemaining(farStrikes, SAMPLE_NOW_MS + HOUR_MS).reason).toBe(
    'no at-the-money volatility in the front expiry',
  )
  const settled = engineOf([])
  reprice(settled, SAMPLE_MARKET.spot, SAMPLE_NOW_MS)
  expect(sigmaRemaining(settled, SAMPLE_NOW_MS + HOUR_MS).reason).toBe('every contract has settled')
})
