import { expect, test } from 'vitest'
import { engineOf } from '../analytics.ts'
import { reprice } from '../analytics/engine.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts, type SampleMarket } from '../chain/sampleChain.ts'
import { pinScore, type PinScore } from './pinScore.ts'

const HOUR_DAYS = 1 / 24

/** The sample chain with its front expiry two hours away. */
function pinOf(changes: Partial<SampleMarket> = {}, hours = 2, spot = SAMPLE_MARKET.spot): PinScore {
  const market = {
    days: [hours * HOUR_DAYS, 8],
    strikes: Array.from({ length: 61 }, (_, i) => 5650 + 5 * i),
    spot,
    ...changes,
  }
  const engine = engineOf(sampleContracts(market))
  reprice(engine, spot, SAMPLE_NOW_MS)
  return pinScore(engine)
}

const callsAt = (at: number) => (strike: number, right: 'call' | 'put') =>
  strike === at && right === 'call' ? 1000 : 0
const putsAt = (at: number) => (strike: number, right: 'call' | 'put') =>
  strike === at && right === 'put' ? 1000 : 0

test('all gamma on one strike at spot: pull is what smoothing leaves of it, the score its root by elapsed time', () => {
  const pin = pinOf({ openInterest: callsAt(5800) })
  // The strike keeps 1 of 1 + 2(e^−2 + e^−8 + …).
  const smoothed = 1 + 2 * (Math.exp(-2) + Math.exp(-8) + Math.exp(-18))
  expect(pin.magnetStrike).toBe(5800)
  expect(pin.pull).toBeCloseTo(1 / smoothed, 6)
  expect(pin.sessionElapsed).toBeCloseTo(1 - 2 / 6.5, 12)
  expect(pin.score).toBeCloseTo(100 * Math.sqrt((1 / smoothed) * (1 - 2 / 6.5)), 4)
})

test('short gamma does not pin', () => {
  expect(pinOf({ openInterest: putsAt(5800) })).toMatchObject({ score: 0, isDealerLong: false })
})

test('distance is in remaining standard deviations and lowers the score', () => {
  const near = pinOf({ openInterest: callsAt(5805) })
  const far = pinOf({ openInterest: callsAt(5815) })
  expect(near.distance).toBe(5)
  expect(near.distanceSigmas).toBeCloseTo(5 / (5800 * 0.14 * Math.sqrt(2 / 24 / 365)), 2)
  expect(far.score as number).toBeLessThan(near.score as number)
})

test('it rises through the session and is 0 before it', () => {
  const scores = [6, 4, 2, 1].map((hours) => pinOf({ openInterest: callsAt(5800) }, hours).score as number)
  expect(scores).toEqual(scores.toSorted((a, b) => a - b))
  expect(pinOf({ openInterest: callsAt(5800) }, 30).score).toBe(0)
})

test('without gamma near spot there is no score, and a reason', () => {
  expect(pinOf({ openInterest: () => 0 })).toMatchObject({
    score: null,
    magnetStrike: null,
    reason: 'no gamma within two expected moves in the front expiry',
  })
  expect(pinOf({ openInterest: callsAt(5945) })).toMatchObject({ score: null })
})

test('after settlement of the last expiry there is none', () => {
  const engine = engineOf(sampleContracts())
  reprice(engine, SAMPLE_MARKET.spot, SAMPLE_NOW_MS + 400 * 86_400_000)
  expect(pinScore(engine)).toMatchObject({ score: null, reason: 'every contract has settled' })
})
