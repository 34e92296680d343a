import { describe, expect, test } from 'vitest'
import { measureAll, repriceAtVols } from '../analytics/engine.ts'
import { SAMPLE_MARKET } from '../chain/sampleChain.ts'
import { sampleEngine } from '../volatility/sampleSmiles.ts'
import { volatilityStructure } from '../volatility/volatilityStructure.ts'
import { loadingSurface } from './loadingSurface.ts'
import { pcExposures } from './pcExposure.ts'
import { KNOWN_MODES } from './sampleChanges.ts'
import { SURFACE_NODES } from './surfaceNodes.ts'

const days = [10, 36, 80]

function market() {
  const engine = sampleEngine({ days })
  measureAll(engine)
  const { fits } = volatilityStructure(engine)
  const { chain } = engine
  const deviation = (row: number): number => {
    const e = chain.expiryIndex[row] as number
    const deviations = (fits[e]?.atmVol as number) * Math.sqrt(chain.years[e] as number)
    return Math.log((chain.strike[row] as number) / (chain.forward[e] as number)) / deviations
  }
  return { engine, chain, fits, positions: engine.measure.openInterest.positions.signed, deviation }
}

/** What the book is worth with every volatility multiplied, row by row. */
function bookValue(factor: (row: number) => number): number {
  const { engine, chain, positions } = market()
  const vols = chain.vol.map((vol, row) => vol * factor(row))
  repriceAtVols(engine, SAMPLE_MARKET.spot, SAMPLE_MARKET.nowMs, vols)
  return positions.reduce((sum, held, row) => {
    const value = held * (chain.multiplier[row] as number) * (chain.value[row] as number)
    return Number.isFinite(value) ? sum + value : sum
  }, 0)
}

describe('is what the book gains when volatilities move along a component', () => {
  const { chain, fits, positions, deviation } = market()
  const surface = loadingSurface(KNOWN_MODES.map((loadings) => ({ loadings })))
  const { perUnit, perUnitInsideGrid, outsideGridShare } = pcExposures(chain, fits, surface, positions)
  const step = 1e-4
  const gain = (loading: (row: number) => number): number =>
    (bookValue((row) => Math.exp(step * loading(row))) - bookValue((row) => Math.exp(-step * loading(row)))) /
    (2 * step)

  test('the level', () => {
    const expected = gain(() => 1 / Math.sqrt(28))
    expect(Math.abs((perUnit[0] as number) / expected - 1)).toBeLessThan(1e-4)
    expect(Math.abs(perUnit[0] as number)).toBeGreaterThan(1e5)
  })

  test('the slope, linear within the grid and flat beyond it', () => {
    const length = Math.hypot(...SURFACE_NODES.map(({ deviation: k }) => k))
    const expected = gain((row) => -Math.max(-1.5, Math.min(1.5, deviation(row))) / length)
    expect(Math.abs((perUnit[1] as number) / expected - 1)).toBeLessThan(1e-4)
  })

  test('the part that needs no extrapolation is that of the contracts within the grid', () => {
    const isWing = (row: number): boolean => Math.abs(deviation(row)) > 1.5
    const inner = positions.map((held, row) => (isWing(row) ? 0 : held))
    const alone = pcExposures(chain, fits, surface, inner)
    expect(alone.outsideGridShare).toBe(0)
    expect(alone.perUnit).toEqual(perUnitInsideGrid)
    expect(outsideGridShare).toBeGreaterThan(0)
    expect(outsideGridShare).toBeLessThan(0.6)
    const late = sampleEngine({ days: [10, 36, 200] })
    const rows = late.chain.expiryStart[2] as number
    const far = new Float64Array(late.chain.count).fill(1, rows)
    expect(pcExposures(late.chain, volatilityStructure(late).fits, surface, far).outsideGridShare).toBe(1)
  })
})

test('is linear in positions, and nothing without any', () => {
  const { chain, fits, positions } = market()
  const surface = loadingSurface(KNOWN_MODES.map((loadings) => ({ loadings })))
  const once = pcExposures(chain, fits, surface, positions)
  const twice = pcExposures(
    chain,
    fits,
    surface,
    positions.map((held) => -2 * held),
  )
  for (const [j, exposure] of twice.perUnit.entries())
    expect(exposure).toBeCloseTo(-2 * (once.perUnit[j] as number), 3)
  expect(twice.outsideGridShare).toBeCloseTo(once.outsideGridShare as number, 12)
  expect(pcExposures(chain, fits, surface, new Float64Array(chain.count))).toEqual({
    perUnit: [0, 0, 0],
    perUnitInsideGrid: [0, 0, 0],
    outsideGridShare: null,
  })
})

test('a row without volatility, or an unknown position, adds nothing', () => {
  const { chain, fits, positions } = market()
  const surface = loadingSurface(KNOWN_MODES.map((loadings) => ({ loadings })))
  const before = pcExposures(chain, fits, surface, positions)
  chain.vol[40] = NaN
  positions[41] = NaN
  chain.vega[42] = Infinity
  const after = pcExposures(chain, fits, surface, positions)
  expect(after.perUnit.every(Number.isFinite)).toBe(true)
  expect(after.perUnit[0]).not.toBe(before.perUnit[0])
  expect(pcExposures(chain, [], surface, positions)).toMatchObject({
    perUnit: [0, 0, 0],
    outsideGridShare: null,
  })
})
