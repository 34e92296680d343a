import { describe, expect, test } from 'vitest'
import { analyse, engineOf } from '../analytics.ts'
import { reprice } from '../analytics/engine.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts } from '../chain/sampleChain.ts'
import { CONVENTIONS } from './catalogue.ts'
import { translate, translateAll, type Translation } from './translate.ts'

const SPOT = SAMPLE_MARKET.spot

function engineWith(changes: { multiplier?: number; openInterest?: number; volume?: number } = {}) {
  const traded = sampleContracts().map((contract) => ({
    ...contract,
    volume: contract.right === 'call' ? 20 : 10,
    ...changes,
  }))
  const engine = engineOf(traded)
  reprice(engine, SPOT, SAMPLE_NOW_MS)
  return engine
}

const engine = engineWith()
const analytics = analyse(engine)
const by = (id: string, from = engine): Translation => translate(from, id) as Translation
const net = (id: string, from = engine): number => by(id, from).metrics.netGex.value as number
const NET = analytics.exposure.local.net as number

describe('exposures translate by factors of spot', () => {
  test.each([
    ['canonical', 1, 'USD per +1 %'],
    ['listed_gamma_total', 1, 'USD per +1 %'],
    ['spot_squared_open_interest', 1, 'USD per +1 %'],
    ['per_dollar_strike_crossings', 100 / SPOT, 'USD per +1.00'],
    ['naive_shares', 100 / SPOT ** 2, 'units of underlying per +1.00'],
    ['per_100pct_strike_crossing', 100, 'USD per +100 %'],
    ['lot_crore_1pct', 1e-7, 'USD crore per +1 %'],
    ['unit_open_interest', 1, 'USD per +100 %'],
  ])('%s', (id, factor, unit) => {
    // Sums lie on a grid of 2^-6 of the currency, whatever the contract size.
    expect(net(id) / (factor * NET)).toBeCloseTo(1, 7)
    expect(by(id).metrics.netGex.unit).toBe(unit)
  })

  test('calls and puts add up to net in every convention', () => {
    for (const { metrics } of translateAll(engine)) {
      const { callGex, putGex, netGex } = metrics
      const sum = (callGex.value as number) + (putGex.value as number)
      expect(sum / (netGex.value as number)).toBeCloseTo(1, 9)
    }
  })

  test('signs, weighting and expiries decide what is summed', () => {
    expect(net('short_both_sides')).toBeCloseTo(-(analytics.exposure.gross as number), 0)
    expect(net('spot_squared_volume') / (analytics.exposure.byVolume.net as number)).toBeCloseTo(1, 9)
    const within94d = analytics.byExpiry.filter(({ dte }) => dte < 94)
    const nearNet = within94d.reduce((sum, { netGex }) => sum + netGex, 0)
    expect(net('naive_shares_94d') / ((100 / SPOT ** 2) * nearNet)).toBeCloseTo(1, 9)
  })
})

test('a fixed contract size replaces the listed one, and is said to', () => {
  const nifty = engineWith({ multiplier: 65 })
  expect(net('spot_squared_open_interest', nifty) / NET).toBeCloseTo(1, 9)
  expect(net('canonical', nifty) / NET).toBeCloseTo(0.65, 9)
  expect(by('spot_squared_open_interest', nifty).caveats).toContain(
    'the source counts 100 a contract; here one is 65',
  )
  expect(by('canonical', nifty).caveats).toEqual([])
})

test('the currency is the chain’s', () => {
  expect(translate(engine, 'lot_crore_1pct', 'INR')?.metrics.netGex.unit).toBe('INR crore per +1 %')
})

test('the canonical row is the analysis', () => {
  const { flip, callWall, putWall } = by('canonical').metrics
  expect(flip.value).toBeCloseTo(analytics.flips.all.nearest as number, 4)
  expect(callWall.value).toBe(analytics.walls.side.call?.strike)
  expect(putWall.value).toBe(analytics.walls.side.put?.strike)
})

test('a least distance keeps a wall away from spot', () => {
  const open = (strike: number): number => (strike === SPOT ? 1000 : 100)
  const book = engineOf(sampleContracts({ openInterest: open }))
  reprice(book, SPOT, SAMPLE_NOW_MS)
  expect(by('ladder_side_walls', book).metrics).toMatchObject({
    callWall: { value: SPOT },
    putWall: { value: SPOT },
  })
  const { callWall, putWall } = by('per_100pct_strike_crossing', book).metrics
  expect(callWall.value as number).toBeGreaterThanOrEqual(SPOT * 1.005)
  expect(putWall.value as number).toBeLessThanOrEqual(SPOT * 0.995)
})

test('of several strike crossings one source names the first and another the nearest', () => {
  const alternating = sampleContracts({
    openInterest: (strike, right) => ((strike / 25) % 2 === (right === 'call' ? 0 : 1) ? 100 : 0),
  })
  const book = engineOf(alternating)
  reprice(book, SPOT, SAMPLE_NOW_MS)
  const first = by('first_strike_crossing', book).metrics.flip
  const nearest = by('per_dollar_strike_crossings', book).metrics.flip
  expect(first.all).toEqual(nearest.all)
  expect(first.value).toBe(first.all[0])
  expect(Math.abs((nearest.value as number) - SPOT)).toBeLessThan(25)
})

test('every null has a reason, every value none', () => {
  const chains = [engine, engineWith({ openInterest: 0, volume: 0 })]
  for (const translation of chains.flatMap((chain) => translateAll(chain))) {
    for (const [name, { value }] of Object.entries(translation.metrics)) {
      expect([translation.id, name, value === null]).toEqual([
        translation.id,
        name,
        name in translation.reasons,
      ])
    }
  }
})

test('without open interest nothing is made up', () => {
  for (const { metrics } of translateAll(engineWith({ openInterest: 0, volume: 0 }))) {
    for (const { value } of Object.values(metrics)) expect(value).toBeNull()
  }
})

test('an unknown convention is null', () => {
  expect(translate(engine, 'no_such')).toBeNull()
  expect(translateAll(engine)).toHaveLength(CONVENTIONS.length)
})
