import { describe, expect, test } from 'vitest'
import { analyse, engineOf } from '../analytics.ts'
import { repriceAtVols } from '../analytics/engine.ts'
import type { SignModelId } from '../exposure/signModel.ts'
import { greeks } from '../pricing/blackScholes.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts, type SampleMarket } from '../chain/sampleChain.ts'

/** Volatilities are the market's own, so that only the search for crossings is under test. */
function flipsOf(changes: Partial<SampleMarket> = {}, signModel: SignModelId = 'M1') {
  const market = { ...SAMPLE_MARKET, halfSpread: 1e-6, ...changes }
  const engine = engineOf(sampleContracts(market), { signModel })
  const { chain } = engine
  const vols = chain.strike.map((strike, row) => {
    const settlesAt = chain.expiryMs[chain.expiryIndex[row] as number] as number
    return market.vol(strike, Math.round((settlesAt - SAMPLE_NOW_MS) / 86_400_000))
  })
  repriceAtVols(engine, market.spot, SAMPLE_NOW_MS, vols)
  return analyse(engine).flips
}

/** Net gamma exposure per 1 % at a hypothetical spot, contract by contract. */
function netGexAt(spot: number, market: SampleMarket): number {
  let net = 0
  for (const days of market.days) {
    for (const strike of market.strikes) {
      const vol = market.vol(strike, days)
      const { gamma } = greeks({ ...market, spot, strike, years: days / 365, vol, right: 'call' })
      const contracts = market.openInterest(strike, 'call', days) - market.openInterest(strike, 'put', days)
      net += contracts * gamma * 100 * spot ** 2 * 0.01
    }
  }
  return net
}

test('the crossing is a zero of the profile repriced contract by contract, with its slope', () => {
  const { nearest, status, crossings } = flipsOf().all
  expect(status).toBe('resolved')
  expect(crossings).toHaveLength(1)
  const price = nearest as number
  const below = netGexAt(price - 1, SAMPLE_MARKET)
  const above = netGexAt(price + 1, SAMPLE_MARKET)
  expect(below).toBeLessThan(0)
  expect(above).toBeGreaterThan(0)
  expect(price).toBeCloseTo(price - 1 - (2 * below) / (above - below), 2)
  expect((crossings[0]?.slopePer1PctPerPoint as number) / ((above - below) / 2)).toBeCloseTo(1, 4)
})

test('finds every crossing a dense scan finds, no more', () => {
  const bands = (strike: number): number => Math.floor((strike - 4800) / 200) % 2
  const market: SampleMarket = {
    ...SAMPLE_MARKET,
    days: [2, 6, 30],
    strikes: Array.from({ length: 41 }, (_, i) => 4800 + 50 * i),
    openInterest: (strike, right) => (bands(strike) === (right === 'call' ? 0 : 1) ? 1000 : 100),
  }
  const scan: number[] = []
  const step = 5
  let before = 0
  for (let spot = 4645; spot < 6955; spot += step) {
    const net = netGexAt(spot, market)
    if (before * net < 0) scan.push(spot - step / 2)
    before = net
  }
  const found = flipsOf(market).all.crossings.map(({ price }) => price)
  expect(scan.length).toBeGreaterThan(4)
  expect(found.length).toBe(scan.length)
  for (const [i, price] of found.entries())
    expect(Math.abs(price - (scan[i] as number))).toBeLessThanOrEqual(step / 2)
})

test('scaling spot and strikes scales the crossing', () => {
  const scale = 0.1
  const scaled = flipsOf({
    spot: 580,
    strikes: SAMPLE_MARKET.strikes.map((strike) => strike * scale),
    vol: (strike, days) => SAMPLE_MARKET.vol(strike / scale, days),
    openInterest: (strike, right, days) =>
      SAMPLE_MARKET.openInterest(Math.round(strike / scale), right, days),
    halfSpread: 0.002,
  })
  expect(scaled.all.nearest).toBeCloseTo((flipsOf().all.nearest as number) * scale, 3)
})

test('sets see only their own expiries', () => {
  const flips = flipsOf({
    openInterest: (strike, right, days) => {
      const pivot = days === 1 ? 5700 : days < 90 ? 5800 : 5900
      return (right === 'call') === strike > pivot ? 1000 : 0
    },
  })
  const front = flips.front.nearest as number
  const within90d = flips.within90d.nearest as number
  const all = flips.all.nearest as number
  expect(Math.abs(front - 5700)).toBeLessThan(30)
  expect(front).toBeLessThan(within90d)
  expect(within90d).toBeLessThan(all)
})

describe('never fabricated', () => {
  test('more calls than puts at every strike: no crossing exists', () => {
    const { nearest, status, crossings } = flipsOf({
      openInterest: (_, right) => (right === 'call' ? 2 : 1),
    }).all
    expect([nearest, status, crossings]).toEqual([null, 'one_signed', []])
  })

  test.each(['M0', 'M2'] as const)('under %s gamma has one sign by construction', (model) => {
    expect(flipsOf({}, model).all).toEqual({ nearest: null, status: 'one_signed', crossings: [] })
  })

  test('M3 crosses where M1 does, the other way', () => {
    const [naive, inverse] = [flipsOf().all, flipsOf({}, 'M3').all]
    expect(inverse.nearest).toBeCloseTo(naive.nearest as number, 6)
    expect(inverse.crossings[0]?.slopePer1PctPerPoint).toBeCloseTo(
      -(naive.crossings[0]?.slopePer1PctPerPoint as number),
      0,
    )
  })

  test('no open interest, no data', () => {
    expect(flipsOf({ openInterest: () => 0 }).front).toEqual({
      nearest: null,
      status: 'no_data',
      crossings: [],
    })
  })

  test('an empty set has no data: nothing expires within 90 days', () => {
    const flips = flipsOf({ days: [120, 365] })
    expect(flips.within90d.status).toBe('no_data')
    expect(flips.front.status).toBe('resolved')
  })

  test('a crossing with next to nothing on one side is listed but not chosen', () => {
    const { nearest, status, crossings } = flipsOf({
      days: [1],
      openInterest: (strike, right) =>
        strike === 5800 && right === 'call' ? 10_000 : strike === 5000 && right === 'put' ? 1 : 0,
    }).all
    expect([nearest, status]).toEqual([null, 'noise_floor'])
    expect(crossings).toHaveLength(1)
  })

  test('a crossing at the very end of the ladder (4640) is called an edge', () => {
    const { nearest, status } = flipsOf({
      days: [1],
      strikes: [4640, 4700, 5800],
      openInterest: (strike, right) => (strike === (right === 'call' ? 4640 : 4700) ? 1000 : 0),
    }).all
    expect(status).toBe('edge')
    expect(nearest).toBeGreaterThan(4640)
    expect(nearest).toBeLessThan(4700)
  })
})
