import { describe, expect, test } from 'vitest'
import { analyse, engineOf, type ContractInput } from '../analytics.ts'
import { createEngine, measureAll, moveSpot, reprice, type Engine } from '../analytics/engine.ts'
import { layOutChain } from '../chain/layout.ts'
import { higherGreeks } from '../kernel/higherGreeks.ts'
import { netGammaAt } from '../kernel/netGamma.ts'
import { averageOption, type AverageOption } from './averageOption.ts'

const EXPIRY_MS = Date.UTC(2022, 2, 31, 10)
const MINUTE_MS = 60_000
const YEAR_MS = 365 * 86_400_000
const WINDOW_MINUTES = 30
const VOL = 0.22
const SPOT = 17_005
const AVERAGE = 17_030
const STRIKES = Array.from({ length: 41 }, (_, i) => 16_920 + 5 * i)

interface Market {
  readonly spot: number
  readonly minutesLeft: number
}

/** What the option is worth when the average so far stands at `AVERAGE`, per unit. */
function model({ spot, minutesLeft }: Market, strike: number, right: 'call' | 'put'): AverageOption {
  return averageOption({
    spot,
    strike,
    unaveraged: minutesLeft / WINDOW_MINUTES,
    averageSoFar: AVERAGE,
    years: (minutesLeft * MINUTE_MS) / YEAR_MS,
    vol: VOL,
    right,
  })
}

/** The same option when `minutes` are left, had spot stood at `SPOT` since `from`, and `spot` just then. */
function later(
  from: Market,
  minutes: number,
  spot: number,
  strike: number,
  right: 'call' | 'put',
): AverageOption {
  const averaged = WINDOW_MINUTES - minutes
  const averageSoFar = AVERAGE + (SPOT - AVERAGE) * ((from.minutesLeft - minutes) / averaged)
  const years = (minutes * MINUTE_MS) / YEAR_MS
  return averageOption({
    spot,
    strike,
    unaveraged: minutes / WINDOW_MINUTES,
    averageSoFar,
    years,
    vol: VOL,
    right,
  })
}

function contracts(market: Market, averagingMinutes = WINDOW_MINUTES): ContractInput[] {
  return STRIKES.flatMap((strike) =>
    (['call', 'put'] as const).map((right) => {
      const { price } = model(market, strike, right)
      // Tight enough that the mid is the model's price.
      const half = Math.min(0.002, 0.01 * price)
      const counts = { openInterest: right === 'call' ? 100 : 60, volume: 1 }
      const terms = { expiryMs: EXPIRY_MS, strike, right, multiplier: 50, averagingMinutes }
      return { ...terms, bid: price - half, ask: price + half, ...counts }
    }),
  )
}

function priced(market: Market, averagingMinutes = WINDOW_MINUTES): Engine {
  const engine = engineOf(contracts(market, averagingMinutes), { fallbackRate: 0, priceIncrement: 0.05 })
  reprice(engine, market.spot, EXPIRY_MS - market.minutesLeft * MINUTE_MS)
  return engine
}

/** Worst |Δ − model| and |Γ − model| over the peak of gamma, of rows with a volatility. */
function worst({ chain }: Engine, market: Market): { delta: number; gamma: number; priced: number } {
  let [delta, gamma, peak, count] = [0, 0, 0, 0]
  for (let row = 0; row < chain.count; row++) {
    const right = (chain.callSign[row] as number) > 0 ? 'call' : 'put'
    const expected = model(market, chain.strike[row] as number, right)
    peak = Math.max(peak, expected.gamma)
    if (Number.isNaN(chain.gamma[row])) continue
    count++
    delta = Math.max(delta, Math.abs((chain.delta[row] as number) - expected.delta))
    gamma = Math.max(gamma, Math.abs((chain.gamma[row] as number) - expected.gamma))
  }
  return { delta, gamma: gamma / peak, priced: count }
}

/** Relative error, with 0.1 beside the expected figure. The engine gives each strike its volatility, the model one to all. */
function miss(found: number, expected: number): number {
  return Math.abs(found - expected) / (Math.abs(expected) + 0.1)
}

describe.each([29, 20, 10, 4])('%d minutes before settlement', (minutesLeft) => {
  const market = { spot: SPOT, minutesLeft }

  test('greeks from quotes alone are those of an option on the average', () => {
    const { delta, gamma, priced: count } = worst(priced(market), market)
    expect(count).toBeGreaterThan(8)
    expect(delta).toBeLessThan(2e-3)
    expect(gamma).toBeLessThan(5e-3)
  })

  test('as an option on the last price they would be far off', () => {
    const { delta, gamma } = worst(priced(market, 0), market)
    expect(delta).toBeGreaterThan(0.5 * (1 - minutesLeft / WINDOW_MINUTES))
    expect(gamma).toBeGreaterThan((WINDOW_MINUTES / minutesLeft) ** 2 - 1.01)
  })

  test('the average so far is read off parity, once enough stands', () => {
    const [front] = analyse(priced(market)).byExpiry
    expect(front?.averaging?.unaveraged).toBeCloseTo(minutesLeft / WINDOW_MINUTES, 12)
    const told = front?.averaging?.averageSoFar ?? null
    const error = told === null ? null : Math.abs(told - AVERAGE)
    expect(error === null).toBe(minutesLeft > 27)
    expect(error ?? 0).toBeLessThan(0.1)
  })

  test('charm and theta are what the next second does to delta and value at an unchanged spot', () => {
    const step = 0.02
    const now = priced(market).chain
    const years = (step * MINUTE_MS) / YEAR_MS
    for (let row = 0; row < now.count; row++) {
      if (!((now.gamma[row] as number) > 0)) continue
      const right = (now.callSign[row] as number) > 0 ? ('call' as const) : ('put' as const)
      const strike = now.strike[row] as number
      const before = model(market, strike, right)
      const after = later(market, minutesLeft - step, SPOT, strike, right)
      const left = now.years[0] as number
      const worth = SPOT * VOL * Math.sqrt(left) * (minutesLeft / WINDOW_MINUTES)
      expect(((after.delta - before.delta) / years) * left).toBeCloseTo((now.charm[row] as number) * left, 2)
      expect(((after.price - before.price) / years) * (left / worth)).toBeCloseTo(
        (now.theta[row] as number) * (left / worth),
        2,
      )
    }
  })

  test('speed and colour are the slopes of gamma in spot and time', () => {
    const { chain } = priced(market)
    const { speed, colour } = higherGreeks(chain, SPOT)
    const left = chain.years[0] as number
    const peak = Math.max(...STRIKES.map((strike) => model(market, strike, 'call').gamma))
    const width = SPOT * VOL * Math.sqrt(left)
    for (let row = 0; row < chain.count; row++) {
      const gammaAt = (spot: number, minutes: number): number =>
        later(market, minutes, spot, chain.strike[row] as number, 'call').gamma
      if (!((chain.gamma[row] as number) > 0)) continue
      const bump = 0.01 * width
      const slope = (gammaAt(SPOT + bump, minutesLeft) - gammaAt(SPOT - bump, minutesLeft)) / (2 * bump)
      expect(miss(((speed[row] as number) * width) / peak, (slope * width) / peak)).toBeLessThan(0.05)
      const step = 0.005
      const change = gammaAt(SPOT, minutesLeft - step) - gammaAt(SPOT, minutesLeft)
      const perYear = change / ((step * MINUTE_MS) / YEAR_MS)
      expect(miss(((colour[row] as number) * left) / peak, (perYear * left) / peak)).toBeLessThan(0.05)
    }
  })

  test('spot moving alone leaves the engine where a fresh look would', () => {
    const engine = priced(market)
    const moved = SPOT * 1.0004
    moveSpot(engine, moved)
    const fresh = priced({ spot: moved, minutesLeft })
    expect(engine.chain.forward[0]).toBeCloseTo(fresh.chain.forward[0] as number, 1)
    expect(engine.chain.spotShare[0]).toBeCloseTo(fresh.chain.spotShare[0] as number, 5)
    expect(worst(engine, { spot: moved, minutesLeft }).delta).toBeLessThan(5e-3)
  })

  test('the finite move is the change of the model delta over it', () => {
    const engine = priced(market)
    measureAll(engine)
    const { chain, measure } = engine
    for (let row = 0; row < chain.count; row++) {
      if (Number.isNaN(chain.gamma[row])) continue
      const right = (chain.callSign[row] as number) > 0 ? ('call' as const) : ('put' as const)
      const delta = (spot: number): number =>
        model({ spot, minutesLeft }, chain.strike[row] as number, right).delta
      const expected = delta(1.005 * SPOT) - delta(0.995 * SPOT)
      expect(Math.abs((measure.deltaChange[row] as number) - expected)).toBeLessThan(2e-3)
    }
  })

  test('the profile passes through the exposure at spot, and through that of the model beside it', () => {
    const engine = priced(market)
    measureAll(engine)
    const { sections, terms } = engine
    const out = new Float64Array(2)
    netGammaAt(terms, sections.start, sections.end, Math.log(SPOT), out)
    const { net } = analyse(engine).exposure.local
    expect((0.01 * SPOT * (out[0] as number)) / (net as number)).toBeCloseTo(1, 9)
    const beside = SPOT * 1.0003
    const expected = STRIKES.reduce(
      (sum, strike) => sum + 50 * (100 - 60) * model({ spot: beside, minutesLeft }, strike, 'call').gamma,
      0,
    )
    netGammaAt(terms, sections.start, sections.end, Math.log(beside), out)
    expect((out[0] as number) / beside / expected).toBeCloseTo(1, 2)
  })
})

test('outside the window nothing changes, bit for bit', () => {
  const market = { spot: SPOT, minutesLeft: 30 }
  const averaged = priced(market).chain
  const plain = priced(market, 0).chain
  expect(averaged.spotShare[0]).toBe(1)
  expect([averaged.delta, averaged.gamma, averaged.theta]).toEqual([plain.delta, plain.gamma, plain.theta])
  expect(analyse(priced(market)).byExpiry[0]?.averaging).toBeNull()
})

test('without parity the average is taken to stand at spot, and that is said', () => {
  const market = { spot: SPOT, minutesLeft: 10 }
  const calls = contracts(market).filter(({ right }) => right === 'call')
  const engine = engineOf(calls, { fallbackRate: 0 })
  reprice(engine, SPOT, EXPIRY_MS - 10 * MINUTE_MS)
  const { byExpiry, reasons } = analyse(engine)
  expect(byExpiry[0]?.averaging?.unaveraged).toBeCloseTo(1 / 3, 12)
  expect(byExpiry[0]?.averaging?.averageSoFar).toBeNull()
  expect(reasons['byExpiry.0.averaging.averageSoFar']).toContain('taken to stand at spot')
  expect(engine.chain.spotShare[0]).toBeCloseTo(1 / 3, 12)
})

test('garbage makes no exception', () => {
  const engine = createEngine(layOutChain(contracts({ spot: SPOT, minutesLeft: 10 })))
  for (const spot of [Number.NaN, -1, 0, Infinity]) {
    reprice(engine, spot, EXPIRY_MS - 10 * MINUTE_MS)
    expect(analyse(engine).exposure.local.net).toBeNull()
  }
})
