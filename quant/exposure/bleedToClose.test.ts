import fc from 'fast-check'
import { expect, test } from 'vitest'
import { engineOf } from '../analytics.ts'
import { moveSpot, reprice, type Engine } from '../analytics/engine.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts, type SampleMarket } from '../chain/sampleChain.ts'
import { bleedToClose, valueLostBy, type BleedToClose } from './bleedToClose.ts'

const SPOT = SAMPLE_MARKET.spot
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const SEEDED = { seed: 20261121, numRuns: 20 }

function priced(changes: Partial<SampleMarket> = {}, asOfMs = SAMPLE_NOW_MS): Engine {
  const engine = engineOf(sampleContracts({ halfSpread: 0.001, ...changes }))
  reprice(engine, SPOT, asOfMs)
  return engine
}

function known(engine: Engine, closeMs: number): BleedToClose & { ok: true } {
  const found = bleedToClose(engine, closeMs)
  if (!found.ok) throw new Error(found.reason)
  return found
}

/** Replaces the market's carry by one that is exactly the given. */
function withCarry(engine: Engine, rate: number, dividendYield: number): Engine {
  const { chain } = engine
  const quoted = chain.vol.slice()
  for (let row = 0; row < chain.count; row++)
    chain.vol[row] = Number.isNaN(quoted[row]) ? 0.2 : (quoted[row] as number)
  for (let e = 0; e < chain.expiryCount; e++) {
    const years = chain.years[e] as number
    chain.discount[e] = Math.exp(-rate * years)
    chain.forward[e] = SPOT * Math.exp((rate - dividendYield) * years)
  }
  moveSpot(engine, SPOT)
  return engine
}

test('what settles by the close bleeds its extrinsic value, bit for bit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1440 }), fc.integer({ min: 0, max: 600 }), (minutes, after) => {
      const settlesMs = SAMPLE_NOW_MS + DAY_MS
      const engine = priced({}, settlesMs - minutes * 60_000)
      const { bleed, extrinsic } = known(engine, settlesMs + after * 60_000)
      expect(bleed.settling).not.toBeNull()
      expect(bleed.settling).toEqual(extrinsic.settling)
      expect(bleed.settling?.gross.net).toBeGreaterThan(0)
      expect(bleed.all.gross.net).toBeGreaterThan(bleed.settling?.gross.net as number)
    }),
    SEEDED,
  )
})

test('no European option loses more than its value above the least it is worth at the close', () => {
  const carry = fc.double({ min: 0, max: 0.1, noNaN: true })
  fc.assert(
    fc.property(carry, carry, fc.integer({ min: 1, max: 40 * 24 }), (rate, dividendYield, hours) => {
      const engine = withCarry(priced(), rate, dividendYield)
      const { chain } = engine
      const closeMs = SAMPLE_NOW_MS + hours * HOUR_MS
      const lost = valueLostBy(engine, closeMs)
      for (let row = 0; row < chain.count; row++) {
        const left = Math.max(0, (chain.expiryMs[chain.expiryIndex[row] as number] as number) - closeMs)
        const years = left / (365 * DAY_MS)
        const strike = chain.strike[row] as number
        const forwardExercise = SPOT * Math.exp(-dividendYield * years) - strike * Math.exp(-rate * years)
        const least = Math.max(0, (chain.callSign[row] as number) * forwardExercise)
        expect(lost[row]).toBeLessThanOrEqual((chain.value[row] as number) - least + 1e-9)
      }
    }),
    SEEDED,
  )
})

test('without rate and yield the bleed lies between nothing and extrinsic value, and grows with the wait', () => {
  const engine = withCarry(priced(), 0, 0)
  let before = 0
  for (const hours of [1, 5, 24, 30, 24 * 9, 24 * 50]) {
    const { bleed, extrinsic } = known(engine, SAMPLE_NOW_MS + hours * HOUR_MS)
    expect(bleed.all.gross.call).toBeLessThanOrEqual(extrinsic.all.gross.call)
    expect(bleed.all.gross.put).toBeLessThanOrEqual(extrinsic.all.gross.put)
    expect(bleed.all.gross.net).toBeGreaterThan(before)
    before = bleed.all.gross.net
  }
})

test('over a minute it is theta; over the last hour at the money theta is many times what is left', () => {
  const calm = priced({ days: [36, 120] })
  const { bleed, thetaPerDay, settlingShareOfTheta } = known(calm, SAMPLE_NOW_MS + 60_000)
  expect((-bleed.all.signed.call * 1440) / thetaPerDay.all.signed.call).toBeCloseTo(1, 3)
  expect([bleed.settling, settlingShareOfTheta]).toEqual([null, null])
  const settlesMs = SAMPLE_NOW_MS + DAY_MS
  const lastHour = priced(
    { openInterest: (strike, _, days) => (days === 1 && strike === SPOT ? 100 : 0) },
    settlesMs - HOUR_MS,
  )
  const late = known(lastHour, settlesMs)
  const ratio = -(late.thetaPerDay.settling?.gross.net as number) / (late.bleed.settling?.gross.net as number)
  expect(ratio).toBeGreaterThan(10)
  expect(ratio).toBeLessThan(14)
  expect(late.settlingShareOfTheta).toBe(1)
})

test('signed follows the dealers, gross does not', () => {
  const { bleed } = known(priced(), SAMPLE_NOW_MS + 5 * HOUR_MS)
  expect(bleed.all.signed.call).toBe(bleed.all.gross.call)
  expect(bleed.all.signed.put).toBe(-bleed.all.gross.put)
})

test('an American option past its exercise boundary has nothing left to lose', () => {
  const contracts = sampleContracts({ days: [365], dividendYield: 0, halfSpread: 0.001 })
  const deep = contracts.map((c) => ({
    ...c,
    openInterest: c.right === 'put' && c.strike === 6800 ? 1000 : 0,
  }))
  const engine = engineOf(deep, { exercise: 'american' })
  reprice(engine, SPOT, SAMPLE_NOW_MS)
  const found = known(engine, SAMPLE_NOW_MS + 5 * HOUR_MS)
  expect(found.bleed.all.gross.put).toBe(0)
  expect(found.note).toContain('premium')
})

test('a close that is not ahead, or nothing priced: a reason', () => {
  const engine = priced()
  for (const closeMs of [SAMPLE_NOW_MS, Number.NaN, -Infinity])
    expect(bleedToClose(engine, closeMs)).toEqual({ ok: false, reason: 'the close is not ahead' })
  const silent = engineOf(sampleContracts().map((contract) => ({ ...contract, bid: null, ask: null })))
  reprice(silent, SPOT, SAMPLE_NOW_MS)
  expect(bleedToClose(silent, Infinity)).toEqual({ ok: false, reason: 'no contract has a volatility' })
})
