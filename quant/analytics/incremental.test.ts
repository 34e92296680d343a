import fc from 'fast-check'
import { expect, test } from 'vitest'
import { analyse, engineOf } from '../analytics.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts } from '../chain/sampleChain.ts'
import { solveVols } from '../chain/outOfTheMoneyVol.ts'
import { greeksAll } from '../kernel/greeks.ts'
import { seededRandom } from '../reference/random.ts'
import { measureAll, putQuote, reprice, type Engine } from './engine.ts'
import { applyCounts, applyQuote, applySpot, isRepriceDue } from './incremental.ts'
import type { SignModelId } from '../exposure/signModel.ts'

const SEEDED = { seed: 20261120, numRuns: 25 }
const { spot: SPOT } = SAMPLE_MARKET
const contracts = sampleContracts({ days: [1, 8, 36, 120], strikes: strikesFrom(5400, 33) })

function strikesFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + 25 * i)
}

function liveEngine(signModel: SignModelId = 'M1'): Engine {
  const engine = engineOf(contracts, { signModel })
  reprice(engine, SPOT, SAMPLE_NOW_MS)
  measureAll(engine)
  return engine
}

/** Quotes moved, withdrawn, crossed and restored, counts moved, spot moved, in random order. */
function live(engine: Engine, seed: number, ticks: number, spotMoves: boolean): void {
  const random = seededRandom(seed)
  for (let tick = 0; tick < ticks; tick++) {
    const i = Math.floor(contracts.length * random())
    const row = engine.chain.rowOf[i] as number
    const { bid = 0, ask = 0 } = contracts[i] ?? {}
    const kind = random()
    if (kind < 0.6) {
      const shift = (random() - 0.5) * 0.1 * Math.min(bid, 5)
      applyQuote(engine, row, bid + shift, ask + shift)
    } else if (kind < 0.7) applyQuote(engine, row, Number.NaN, ask)
    else if (kind < 0.75) applyQuote(engine, row, ask, bid)
    else if (kind < 0.85) applyCounts(engine, row, Math.floor(5000 * random()), Math.floor(100 * random()))
    else if (kind < 0.88) applyCounts(engine, row, Number.NaN, 0)
    else if (spotMoves) applySpot(engine, SPOT * (1 + 0.002 * (random() - 0.5)))
  }
}

/** Exposures and profile of the engine's own volatilities and forwards, from nothing. */
function measuredAnew(engine: Engine): Engine {
  const fresh = structuredClone(engine)
  greeksAll(fresh.chain, fresh.spot)
  measureAll(fresh)
  return fresh
}

test.each(['M1', 'M2'] as const)(
  'after any ticks every exposure sum is what a full measure gives, bit for bit (%s)',
  (model) => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 150 }), (seed, ticks) => {
        const engine = liveEngine(model)
        live(engine, seed, ticks, true)
        const { measure, chain } = measuredAnew(engine)
        expect(engine.measure.openInterest).toEqual(measure.openInterest)
        expect(engine.measure.volume).toEqual(measure.volume)
        expect(engine.chain).toEqual(chain)
      }),
      SEEDED,
    )
  },
)

test('profile levels stay within 1e-9 of the largest, and flips within 1e-6 of spot', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 150 }), (seed, ticks) => {
      const engine = liveEngine()
      live(engine, seed, ticks, false)
      const kept = analyse(engine)
      const fresh = analyse(measuredAnew(engine))
      const largest = Math.max(...fresh.profile.netGex.map(Math.abs))
      for (const [level, value] of fresh.profile.netGex.entries())
        expect(Math.abs((kept.profile.netGex[level] as number) - value)).toBeLessThan(1e-9 * largest)
      expect(kept.flips.all.status).toBe(fresh.flips.all.status)
      const error = Math.abs((kept.flips.all.nearest ?? 0) - (fresh.flips.all.nearest ?? 0))
      expect(error).toBeLessThan(1e-6 * SPOT)
    }),
    SEEDED,
  )
})

test('volatilities and their reasons are those of a full solve from nothing at the same forwards', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 150 }), (seed, ticks) => {
      const engine = liveEngine()
      live(engine, seed, ticks, false)
      const { chain, quoteFaults } = structuredClone(engine)
      solveVols(chain, quoteFaults, false)
      expect(engine.chain.volStatus).toEqual(chain.volStatus)
      for (const [row, vol] of chain.vol.entries()) {
        const kept = engine.chain.vol[row] as number
        expect(Object.is(kept, vol) || Math.abs(kept / vol - 1) < 1e-9).toBe(true)
      }
    }),
    SEEDED,
  )
})

test('one tick changes the figures as repricing the whole chain at the same forwards does', () => {
  const engine = liveEngine()
  const i = contracts.findIndex((c) => c.strike === 5900 && c.right === 'call' && c.bid > 20)
  const row = engine.chain.rowOf[i] as number
  const { bid = 0, ask = 0 } = contracts[i] ?? {}
  const before = analyse(engine).exposure.local.net
  applyQuote(engine, row, bid + 1, ask + 1)
  const after = analyse(engine)
  expect(after.exposure.local.net).not.toBe(before)

  const whole = liveEngine()
  putQuote(whole, row, bid + 1, ask + 1)
  solveVols(whole.chain, whole.quoteFaults, true)
  greeksAll(whole.chain, SPOT)
  measureAll(whole)
  expect(after.exposure).toEqual(analyse(whole).exposure)
})

test('the in-the-money side of a strike decides nothing, but its quote is kept', () => {
  const engine = liveEngine()
  const i = contracts.findIndex((c) => c.strike === 6000 && c.right === 'put')
  const row = engine.chain.rowOf[i] as number
  const before = engine.measure.openInterest.table.byStrike.slice()
  const status = engine.chain.volStatus[row]
  applyQuote(engine, row, 0, 0)
  expect(engine.measure.openInterest.table.byStrike).toEqual(before)
  expect([engine.chain.price[row], engine.chain.volStatus[row]]).toEqual([Number.NaN, status])
})

test('a tick on an engine that was never measured measures it first', () => {
  const engine = engineOf(contracts)
  reprice(engine, SPOT, SAMPLE_NOW_MS)
  const { bid = 0, ask = 0 } = contracts[0] ?? {}
  applyQuote(engine, engine.chain.rowOf[0] as number, bid, ask)
  expect(analyse(engine).exposure).toEqual(analyse(liveEngine()).exposure)
})

test('a settled expiry takes ticks without a trace', () => {
  const engine = engineOf(contracts)
  reprice(engine, SPOT, SAMPLE_NOW_MS + 2 * 86_400_000)
  const before = analyse(engine)
  applyQuote(engine, 3, 7, 7.1)
  applyCounts(engine, 4, 1000, 1000)
  expect(analyse(engine)).toEqual(before)
})

test('a reprice is due after a tenth of a percent of spot or a hundredth of the time left', () => {
  const engine = liveEngine()
  const day = 86_400_000
  expect(isRepriceDue(engine, engine.spot, SAMPLE_NOW_MS + 0.009 * day)).toBe(false)
  expect(isRepriceDue(engine, engine.spot, SAMPLE_NOW_MS + 0.011 * day)).toBe(true)
  applySpot(engine, 1.0009 * SPOT)
  expect(isRepriceDue(engine, engine.spot, SAMPLE_NOW_MS)).toBe(false)
  applySpot(engine, 1.0011 * SPOT)
  expect(isRepriceDue(engine, engine.spot, SAMPLE_NOW_MS)).toBe(true)
  expect(isRepriceDue(engineOf([]), SAMPLE_MARKET.spot, SAMPLE_NOW_MS)).toBe(true)
})
