import fc from 'fast-check'
import { expect, test } from 'vitest'
import { analyse, computeAnalytics, engineOf, type ChainAnalytics, type ContractInput } from '../analytics.ts'
import { reprice, repriceAtVols, type Engine, type EngineOptions } from '../analytics/engine.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts } from '../chain/sampleChain.ts'
import { seededRandom } from '../reference/random.ts'
import { bandOf, type BandSource } from './band.ts'
import { runScenarios, UNCERTAINTY_SOURCES, type Scenarios } from './scenarios.ts'

const SPOT = SAMPLE_MARKET.spot
const SEEDED = { seed: 20261121, numRuns: 12 }
const SMALL = { days: [8, 36], strikes: Array.from({ length: 33 }, (_, i) => 5400 + 25 * i) }

function priced(contracts: readonly ContractInput[], options: Partial<EngineOptions> = {}): Engine {
  const engine = engineOf(contracts, options)
  reprice(engine, SPOT, SAMPLE_NOW_MS)
  return engine
}

/** Open interest and volume at random, spreads of `halfSpread` and volume times `activity`. */
function market(seed: number, halfSpread: number, activity: number): ContractInput[] {
  const random = seededRandom(seed)
  return sampleContracts({ ...SMALL, halfSpread }).map((contract) => ({
    ...contract,
    openInterest: Math.floor(5000 * random()),
    volume: activity * Math.floor(1000 * random()),
  }))
}

type Pick = (analytics: ChainAnalytics) => number | null
const netGex: Pick = ({ exposure }) => exposure.local.net
const FIGURES: Readonly<Record<string, Pick>> = {
  netGex,
  putGex: ({ exposure }) => exposure.local.put,
  finite: ({ exposure }) => exposure.finite.net,
  vanna: ({ exposures }) => exposures?.openInterest.vanna.net ?? null,
  flip: ({ flips }) => flips.all.nearest,
  callWall: ({ walls }) => walls.side.call?.strike ?? null,
  maxPain: ({ maxPainFront }) => maxPainFront,
  putCallRatio: ({ putCallRatio }) => putCallRatio.openInterest,
}

const names = ({ scenarios }: Scenarios, source: string): string[] =>
  scenarios.filter((scenario) => scenario.source === source).map(({ name }) => name)

function sourceOf(engine: Engine, source: string, pick: Pick): BandSource | undefined {
  const value = pick(analyse(engine)) ?? Number.NaN
  return bandOf(runScenarios(engine), value, pick).sources.find((band) => band.source === source)
}

test('every figure lies in its band, and in what each source says of it', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.double({ min: 0.001, max: 0.5, noNaN: true }),
      fc.integer({ min: 0, max: 20 }),
      (seed, halfSpread, activity) => {
        const engine = priced(market(seed, halfSpread, activity))
        const base = analyse(engine)
        const scenarios = runScenarios(engine)
        for (const pick of Object.values(FIGURES)) {
          const value = pick(base)
          if (value === null) continue
          const { low, high, sources } = bandOf(scenarios, value, pick)
          expect(sources.map(({ source }) => source)).toEqual(UNCERTAINTY_SOURCES)
          for (const band of [{ low, high }, ...sources]) {
            expect(band.low).toBeLessThanOrEqual(value)
            expect(band.high).toBeGreaterThanOrEqual(value)
          }
        }
      },
    ),
    SEEDED,
  )
})

test('without spread and volume nothing is uncertain', () => {
  const engine = priced(market(1, 0.01, 0))
  engine.chain.halfSpread.fill(0)
  const base = analyse(engine)
  const scenarios = runScenarios(engine)
  for (const pick of Object.values(FIGURES)) {
    const { low, high } = bandOf(scenarios, pick(base) as number, pick)
    const size = pick === netGex ? (base.exposure.gross as number) : Math.abs(low) + Math.abs(high)
    expect(high - low).toBeLessThan(1e-8 * size)
  }
})

test('the more volume, the wider the band', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 5 }), (seed, activity) => {
      const less = sourceOf(priced(market(seed, 0.02, activity)), 'open_interest', netGex)
      const more = sourceOf(priced(market(seed, 0.02, activity + 1)), 'open_interest', netGex)
      expect(more?.low).toBeLessThan(less?.low as number)
      expect(more?.high).toBeGreaterThan(less?.high as number)
    }),
    SEEDED,
  )
})

test('the wider the quotes, the wider the volatility', () => {
  const atmVol: Pick = ({ byExpiry }) => byExpiry[0]?.atmVol ?? null
  const tight = sourceOf(priced(market(2, 0.05, 1)), 'quotes', atmVol)
  const wide = sourceOf(priced(market(2, 0.5, 1)), 'quotes', atmVol)
  expect(wide?.low).toBeLessThan(tight?.low as number)
  expect(wide?.high).toBeGreaterThan(tight?.high as number)
  // A shilling either way on an at-the-money option of vega S·√(T/2π).
  const vega = SPOT * Math.sqrt(8 / 365 / (2 * Math.PI))
  expect(((wide?.high as number) - (wide?.low as number)) / ((2 * 0.5) / vega)).toBeCloseTo(1, 1)
})

test('the corners are what the chain would be with that open interest, bit for bit', () => {
  const contracts = market(3, 0.02, 5)
  const { scenarios } = runScenarios(priced(contracts))
  for (const [name, calls, puts] of [
    ['calls+ puts+', 1, 1],
    ['calls+ puts-', 1, -1],
    ['calls- puts+', -1, 1],
    ['calls- puts-', -1, -1],
  ] as const) {
    const moved = contracts.map((c) => ({
      ...c,
      openInterest: Math.max(
        0,
        (c.openInterest ?? 0) + (c.right === 'call' ? calls : puts) * 0.43 * (c.volume ?? 0),
      ),
    }))
    const expected = computeAnalytics(moved, SPOT, SAMPLE_NOW_MS)
    expect(scenarios.find((scenario) => scenario.name === name)?.analytics).toEqual(expected)
  }
})

test('at the bid the chain is one quoted there, at the forwards of the mids', () => {
  const contracts = market(4, 0.05, 1)
  // The rate of the market, whichever quotes it is read off.
  const options = { fallbackRate: SAMPLE_MARKET.rate }
  const { scenarios } = runScenarios(priced(contracts, options))
  for (const side of ['bid', 'ask'] as const) {
    const quoted = contracts.map((c) => {
      // A strike without a bid has no volatility, at its ask neither.
      const price = (c.bid as number) > 0 ? (c[side] as number) : Number.NaN
      return { ...c, bid: price - 1e-6, ask: price + 1e-6 }
    })
    const expected = computeAnalytics(quoted, SPOT, SAMPLE_NOW_MS, options).exposure
    const found = scenarios.find(({ name }) => name === side)?.analytics.exposure
    const difference = (found?.local.net as number) - (expected.local.net as number)
    expect(Math.abs(difference)).toBeLessThan(1e-7 * (expected.gross as number))
  }
})

test('unknown open interest stays unknown, and none below none', () => {
  const contracts = market(5, 0.02, 1000).map((c, i) => ({
    ...c,
    openInterest: i === 7 ? null : c.openInterest,
  }))
  const { scenarios } = runScenarios(priced(contracts))
  const lowest = scenarios.find(({ name }) => name === 'calls- puts-')?.analytics
  const open = (lowest?.byStrike.callOpenInterest ?? []).concat(lowest?.byStrike.putOpenInterest ?? [])
  expect(Math.min(...open)).toBe(0)
  expect(priced(contracts).chain.openInterest.filter(Number.isNaN)).toHaveLength(1)
})

test('each other model that applies is a scenario; under M2 no flip is left', () => {
  const contracts = market(6, 0.02, 1)
  expect(names(runScenarios(priced(contracts)), 'sign_model')).toEqual(['M2', 'M6'])
  const withFlow = contracts.map((c) => ({ ...c, signedFlow: 10 }))
  expect(names(runScenarios(priced(withFlow)), 'sign_model')).toEqual(['M2', 'M4', 'M5', 'M6'])
  expect(names(runScenarios(priced(withFlow, { signModel: 'M2' })), 'sign_model')).toEqual([
    'M1',
    'M4',
    'M5',
    'M6',
  ])
  const sample = priced(sampleContracts())
  expect(sourceOf(sample, 'sign_model', FIGURES['flip'] as Pick)?.vanishes).toBe(true)
  expect(sourceOf(sample, 'quotes', FIGURES['flip'] as Pick)?.vanishes).toBe(false)
})

test('volatilities that were given know no quotes', () => {
  const engine = engineOf(sampleContracts())
  repriceAtVols(engine, SPOT, SAMPLE_NOW_MS, new Float64Array(engine.chain.count).fill(0.2))
  const found = runScenarios(engine)
  expect(names(found, 'quotes')).toEqual([])
  expect(found.missing).toEqual([{ source: 'quotes', reason: expect.stringContaining('given') }])
})

test('the engine asked is left as it was', () => {
  for (const exercise of ['european', 'american'] as const) {
    const engine = priced(market(8, 0.1, 5), { exercise })
    const before = analyse(engine)
    const vols = engine.chain.vol.slice()
    runScenarios(engine)
    expect(engine.chain.vol).toEqual(vols)
    expect(analyse(engine)).toEqual(before)
  }
})

test('nothing listed, nothing quoted: scenarios of nothing', () => {
  const silent = sampleContracts().map((c) => ({ ...c, bid: null, ask: Number.NaN }))
  for (const engine of [priced([]), priced(silent)])
    for (const { analytics } of runScenarios(engine).scenarios) expect(netGex(analytics)).toBeNull()
})
