import { expect, test } from 'vitest'
import { analyse, engineOf } from '../analytics.ts'
import { reprice } from '../analytics/engine.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts } from '../chain/sampleChain.ts'
import { selectExpiries } from './expirySelection.ts'
import { FLIP_METHOD_IDS, flipVariant } from './flipVariants.ts'

const M1 = { call: 1, put: -1 } as const
const contracts = sampleContracts()

function pricedEngine(changes: { volume?: number; openInterest?: number } = {}) {
  const engine = engineOf(contracts.map((contract) => ({ ...contract, ...changes })))
  reprice(engine, SAMPLE_MARKET.spot, SAMPLE_NOW_MS)
  return engine
}

test('F1 is the zero gamma of the analysis, for each of its sets', () => {
  const engine = pricedEngine()
  const { flips } = analyse(engine)
  for (const set of ['all', 'within90d', 'front'] as const) {
    const variant = flipVariant(engine, 'F1', set, M1)
    expect(variant.status).toBe(flips[set].status)
    expect((variant.nearest as number) / (flips[set].nearest as number)).toBeCloseTo(1, 8)
  }
})

test('F4 weighs volume: in proportion to open interest it is F1', () => {
  const engine = pricedEngine()
  engine.chain.volume.set(engine.chain.openInterest.map((open) => 3 * open))
  const byVolume = flipVariant(engine, 'F4', 'all', M1)
  expect(byVolume.method).toBe('flip.spot_ladder_volume@1')
  expect(byVolume.nearest).toBeCloseTo(flipVariant(engine, 'F1', 'all', M1).nearest as number, 6)
  expect(flipVariant(pricedEngine({ volume: 0 }), 'F4', 'all', M1).status).toBe('no_data')
})

test('dealers short everything: no method finds a flip', () => {
  const engine = pricedEngine()
  for (const flip of FLIP_METHOD_IDS) {
    const found = flipVariant(engine, flip, 'all', { call: -1, put: -1 })
    expect([found.status, found.nearest, found.prices]).toEqual(['one_signed', null, []])
  }
})

test('without open interest every method says so', () => {
  const engine = pricedEngine({ openInterest: 0, volume: 0 })
  for (const flip of FLIP_METHOD_IDS) expect(flipVariant(engine, flip, 'all', M1).status).toBe('no_data')
})

test('a settled chain has no data and no selected expiry', () => {
  const engine = engineOf(contracts)
  reprice(engine, SAMPLE_MARKET.spot, SAMPLE_NOW_MS + 400 * 86_400_000)
  for (const flip of FLIP_METHOD_IDS) expect(flipVariant(engine, flip, 'all', M1).status).toBe('no_data')
  expect([...selectExpiries(engine, 'front')]).toEqual([0, 0, 0, 0, 0])
})

test('expiry selections', () => {
  const days = { '2025-09-12': 8, '2025-09-19': 15, '2025-09-26': 22, '2025-10-17': 43, '2025-11-21': 78 }
  const engine = engineOf(sampleContracts({ days: [...Object.values(days), 92, 95] }))
  reprice(engine, SAMPLE_MARKET.spot, SAMPLE_NOW_MS)
  const selected = (id: Parameters<typeof selectExpiries>[1]) => [...selectExpiries(engine, id)].join('')
  expect(selected('all')).toBe('1111111')
  expect(selected('front')).toBe('1000000')
  expect(selected('first4')).toBe('1111000')
  expect(selected('within90d')).toBe('1111100')
  expect(selected('within94d')).toBe('1111110')
  // The third Fridays are 19 September, 17 October and 21 November.
  expect(selected('two_weeklies_two_monthlies')).toBe('1111000')
})

test('the AM and PM series of one date are one listed expiry', () => {
  const engine = engineOf(sampleContracts({ days: [15, 15.25, 22, 29, 36, 43] }))
  reprice(engine, SAMPLE_MARKET.spot, SAMPLE_NOW_MS)
  expect([...selectExpiries(engine, 'first4')].join('')).toBe('111110')
  expect([...selectExpiries(engine, 'front')].join('')).toBe('100000')
})
