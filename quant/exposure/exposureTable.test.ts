import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layOutChain } from '../chain/layout.ts'
import { greeksAll } from '../kernel/greeks.ts'
import { greeks } from '../pricing/blackScholes.ts'
import { seededRandom } from '../reference/random.ts'
import { exposureCells } from './cells.ts'
import { EXPOSURE_KINDS } from './exposureKinds.ts'
import {
  addRows,
  aroundSpot,
  clearTable,
  column,
  createExposureTable,
  createPositions,
  sidesOf,
  type ExposureInputs,
} from './exposureTable.ts'
import { finiteDeltaChange } from './finiteMove.ts'

const SEEDED = { seed: 20261120, numRuns: 50 }
const SPOT = 5000
const RATE = 0.04

/** Listed at random over four expiries and forty strikes, some rows without a volatility. */
function randomInputs(seed: number) {
  const random = seededRandom(seed)
  const specs = Array.from({ length: 200 }, () => ({
    expiryMs: Math.floor(4 * random()),
    strike: 4500 + 25 * Math.floor(40 * random()),
    right: random() < 0.5 ? ('call' as const) : ('put' as const),
    multiplier: 100,
  }))
  const chain = layOutChain(specs)
  for (let e = 0; e < chain.expiryCount; e++) {
    chain.years[e] = 0.002 * 10 ** e
    chain.forward[e] = SPOT * Math.exp(0.03 * (chain.years[e] as number))
    chain.discount[e] = Math.exp(-RATE * (chain.years[e] as number))
  }
  const positions = createPositions(chain.count)
  for (let row = 0; row < chain.count; row++) {
    chain.vol[row] = random() < 0.1 ? Number.NaN : 0.1 + random()
    positions.contracts[row] = Math.floor(10_000 * random())
    positions.signed[row] = (random() - 0.5) * (positions.contracts[row] as number)
  }
  greeksAll(chain, SPOT)
  const deltaChange = new Float64Array(chain.count)
  finiteDeltaChange(chain, SPOT, deltaChange)
  return { inputs: { chain, spot: SPOT, deltaChange } satisfies ExposureInputs, positions, random }
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0)

test('cells, strikes, expiries, and above plus below spot give one total, bit for bit, for every kind', () => {
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom(4000, 4812.5, 5000), (seed, split) => {
      const { inputs, positions } = randomInputs(seed)
      const { chain } = inputs
      const table = createExposureTable(chain)
      addRows(table, inputs, positions, 0, chain.count)
      for (const kind of EXPOSURE_KINDS) {
        const { call, put, net } = sidesOf(table, kind)
        expect(sum(column(table.byStrike, kind, 'call'))).toBe(call)
        expect(sum(column(table.byStrike, kind, 'put'))).toBe(put)
        expect(call + put).toBe(net)
        const cells = exposureCells(kind, inputs, positions)
        expect(sum(cells.map((cell) => cell.call))).toBe(call)
        expect(sum(cells.map((cell) => cell.net))).toBe(net)
        for (const [e, expected] of column(table.byExpiry, kind, 'put').entries())
          expect(sum(cells.filter((cell) => cell.expiryIndex === e).map((cell) => cell.put))).toBe(expected)
        const { aboveSpot, belowSpot } = aroundSpot(table, kind, chain.strikes, split)
        expect(aboveSpot + belowSpot).toBe(net)
      }
    }),
    SEEDED,
  )
})

test('rows taken out and put back in any order leave the same bits', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const { inputs, positions, random } = randomInputs(seed)
      const { chain } = inputs
      const table = createExposureTable(chain)
      addRows(table, inputs, positions, 0, chain.count)
      const before = [table.byStrike.slice(), table.byExpiry.slice()]
      const rows = Array.from({ length: 100 }, () => Math.floor(chain.count * random()))
      for (const row of rows) addRows(table, inputs, positions, row, row + 1, -1)
      for (const row of rows.toReversed()) addRows(table, inputs, positions, row, row + 1, 1)
      expect([table.byStrike, table.byExpiry]).toEqual(before)
    }),
    SEEDED,
  )
})

test('one contract has the exposures its greeks and units say', () => {
  const chain = layOutChain([{ expiryMs: 1, strike: 5100, right: 'put', multiplier: 100 }])
  chain.years[0] = 0.25
  chain.forward[0] = SPOT * Math.exp((RATE - 0.01) * 0.25)
  chain.discount[0] = Math.exp(-RATE * 0.25)
  chain.vol[0] = 0.2
  greeksAll(chain, SPOT)
  const deltaChange = new Float64Array(1)
  finiteDeltaChange(chain, SPOT, deltaChange)
  const table = createExposureTable(chain)
  const positions = { contracts: Float64Array.of(1000), signed: Float64Array.of(-700) }
  addRows(table, { chain, spot: SPOT, deltaChange }, positions, 0, 1)
  const g = greeks({
    spot: SPOT,
    strike: 5100,
    years: 0.25,
    rate: RATE,
    dividendYield: 0.01,
    vol: 0.2,
    right: 'put',
  })
  const held = -700 * 100
  const expected = {
    gammaMass: 1000 * 100 * g.gamma * SPOT ** 2 * 0.01,
    gamma: held * g.gamma * SPOT ** 2 * 0.01,
    gammaFinite: held * SPOT * (deltaChange[0] as number),
    delta: held * SPOT * g.delta,
    vanna: held * SPOT * g.vanna * 0.01,
    charm: (held * SPOT * g.charm) / 365,
    vega: held * g.vega * 0.01,
    theta: (held * g.theta) / 365,
  }
  for (const kind of EXPOSURE_KINDS) {
    const { put, call } = sidesOf(table, kind)
    expect(Math.abs(put / expected[kind] - 1)).toBeLessThan(1e-7)
    expect(call).toBe(0)
  }
})

test('a strike at spot counts half above and half below', () => {
  const strikes = [90, 100, 110]
  const chain = layOutChain(strikes.map((strike) => ({ strike, expiryMs: 1, right: 'call', multiplier: 1 })))
  for (const greek of ['gamma', 'vanna', 'charm', 'vega', 'theta'] as const) chain[greek].fill(0)
  chain.delta.set([0.01, 0.1, 1])
  const table = createExposureTable(chain)
  const ones = { contracts: Float64Array.of(1, 1, 1), signed: Float64Array.of(1, 1, 1) }
  addRows(table, { chain, spot: 100, deltaChange: new Float64Array(3) }, ones, 0, 3)
  expect(aroundSpot(table, 'delta', chain.strikes, 100)).toEqual({ belowSpot: 6, aboveSpot: 105 })
})

test('a row without volatility or position adds nothing; a cleared table is empty', () => {
  const { inputs, positions } = randomInputs(1)
  const { chain } = inputs
  const table = createExposureTable(chain)
  const unpriced = chain.vol.findIndex(Number.isNaN)
  addRows(table, inputs, positions, unpriced, unpriced + 1)
  addRows(table, inputs, createPositions(chain.count), 0, chain.count)
  expect([...table.byStrike, ...table.byExpiry].every((value) => value === 0)).toBe(true)
  addRows(table, inputs, positions, 0, chain.count)
  clearTable(table)
  expect([...table.byStrike, ...table.byExpiry].every((value) => value === 0)).toBe(true)
})

test('the singular charm of the last instant stays summable', () => {
  const chain = layOutChain([{ expiryMs: 1, strike: 100, right: 'call', multiplier: 100 }])
  chain.gamma[0] = 1
  chain.charm[0] = -1e30
  const table = createExposureTable(chain)
  const million = { contracts: Float64Array.of(1e6), signed: Float64Array.of(1e6) }
  addRows(table, { chain, spot: 100, deltaChange: new Float64Array(1) }, million, 0, 1)
  expect(sidesOf(table, 'charm').net).toBe(-(2 ** 44))
})
